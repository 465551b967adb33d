/// Grants of roles name something that exists.
struct AccessChecks {
    let manifest: Manifest
    let findings: Findings

    func run() {
        for mount in manifest.mounts {
            let path = ["mounts", mount.route]
            findings.checkFeature(mount.feature, in: path + ["feature"], of: manifest)
            if mount.entity.plugin == manifest.id {
                findings.report(
                    .unknownEntity, in: path + ["entity"],
                    "a mount shows an entity of another plugin; `\(mount.entity)` isn't")
            } else {
                findings.checkReference(mount.entity, in: path + ["entity"], of: manifest)
            }
        }
        for role in manifest.roles {
            for grant in role.grants { check(grant, in: ["roles", role.name, grant.pattern]) }
        }
    }

    /// `*`, `work_order.*`, `*.read` or `work_order.complete`.
    private func check(_ grant: Role.Grant, in path: [String]) {
        if grant.pattern == "*" { return }
        let parts = grant.pattern.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            return findings.report(
                .permission, in: path, "the grant `\(grant.pattern)` must be `*` or an entity and a verb",
                suggestion: "write it like `work_order.*` or `*.read`")
        }
        let subjects = manifest.entities.map(\.name) + manifest.mounts.map(\.route)
        if parts[0] != "*", !subjects.contains(parts[0]) {
            findings.reportUnknown(.permission, in: path, "the permission's entity", parts[0], known: subjects)
        } else if parts[1] != "*" {
            let verbs = parts[0] == "*" ? Array(Set(subjects.flatMap(verbs))).sorted() : verbs(of: parts[0])
            if !verbs.contains(parts[1]) {
                findings.reportUnknown(.permission, in: path, "the verb", parts[1], known: verbs)
            }
        }
    }

    /// The verbs of record routes, of transitions and of operations.
    private func verbs(of subject: String) -> [String] {
        let transitions = manifest.entity(subject)?.states?.transitions.map(\.permission) ?? []
        let operations = manifest.operations.compactMap(\.permission)
            .filter { $0.hasPrefix(subject + ".") }
            .map { String($0.dropFirst(subject.count + 1)) }
        let reveal = hasSecrets(subject) ? ["reveal"] : []
        let delete = manifest.entity(subject)?.parent?.written == nil ? [] : ["delete"]
        let label = manifest.entity(subject)?.states?.hasLabels == true ? [StateMachine.labelAction] : []
        return ["read", "create", "update", "archive", "adjust"] + delete + label + reveal + transitions + operations
    }

    /// Of another plugin's entity, which isn't known here, it is taken for granted.
    private func hasSecrets(_ subject: String) -> Bool {
        manifest.entity(subject)?.fields.contains(where: \.isSensitive) ?? true
    }
}
