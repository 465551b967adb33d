/// The rules of one operation.
struct OperationChecks {
    let manifest: Manifest
    let operation: Operation
    let findings: Findings

    func run() {
        findings.checkFeature(operation.feature, in: path + ["feature"], of: manifest)
        checkFields(operation.input, in: path + ["input"])
        checkSendable()
        checkOutput()
        checkReplaced()
        checkPermission()
        checkTypeName()
    }

    private var path: [String] { ["operations", operation.name] }

    private func checkFields(_ fields: [Field], in path: [String]) {
        findings.checkReferences(fields, in: path, of: manifest)
        findings.checkNames(fields, in: path, taken: [])
        for field in fields {
            if case .sequence = field.type {
                findings.report(
                    .sequence, in: path + [field.name], "a sequence belongs to an entity, not to an operation")
            }
            if case .list(let inner, _) = field.type {
                findings.checkNames(inner, in: path + [field.name, "items"], taken: [])
            }
            if field.isReadOnly || field.isUnique || field.isSearched || field.isCounter {
                findings.report(
                    .keyNotForType, in: path + [field.name],
                    "`readOnly`, `unique`, `search` and `counter` are for entities; `\(field.name)` isn't stored")
            }
        }
    }

    /// A GET has no body: its input is the `id` of the path, or nothing.
    private func checkSendable() {
        guard operation.route?.method == "GET" else { return }
        for field in operation.input where field.name != "id" {
            findings.report(
                .inputOfGet, in: path + ["input", field.name],
                "`\(field.name)` can't be sent to the operation `\(operation.name)`: a GET has no body",
                suggestion: "make the route a POST")
        }
    }

    private func checkOutput() {
        switch operation.output {
        case .nothing: break
        case .fields(let fields): checkFields(fields, in: path + ["output"])
        case .entity(let name):
            guard manifest.entity(name) == nil else { return }
            findings.reportUnknown(
                .unknownEntity, in: path + ["output"], "the entity", name, known: manifest.entities.map(\.name))
        }
    }

    /// The input's type stands beside those of the entities and their drafts.
    private func checkTypeName() {
        let type = OperationsEmitter.inputName(operation)
        let entities = manifest.entities.map { SwiftName.type($0.name) }
        if SwiftName.taken.contains(type) || entities.contains(type)
            || entities.contains(where: { $0 + "Draft" == type })
        {
            findings.report(
                .duplicateName, in: path, "the generated input type `\(type)` has the name of another type",
                suggestion: "begin the operation's name with a verb")
        }
    }

    private func checkReplaced() {
        guard let name = operation.replacesCreateOf else { return }
        guard let entity = manifest.entity(name) else {
            return findings.reportUnknown(
                .unknownEntity, in: path + ["replaces"], "the entity", name, known: manifest.entities.map(\.name))
        }
        let expected = Operation.Route(method: "POST", path: "/" + entity.route)
        if operation.route != expected {
            findings.report(
                .route, in: path + ["route"], "an operation that replaces `\(name).create` must stand on its route",
                suggestion: "write `\(expected.method) \(expected.path)`")
        }
        let others = manifest.operations.filter { $0.replacesCreateOf == name }
        if others.first?.name != operation.name {
            findings.report(.duplicateName, in: path + ["replaces"], "two operations replace `\(name).create`")
        }
    }

    /// What is reached over HTTP needs a permission. Where one stands without a route, it must be right all the same.
    private func checkPermission() {
        guard let permission = operation.permission else {
            if operation.route != nil {
                findings.report(
                    .permission, in: path, "the operation `\(operation.name)` has a route and no permission")
            }
            return
        }
        findings.checkPermission(permission, in: path + ["permission"], of: manifest)
    }
}

extension Findings {
    /// A permission is `entity.verb`; the entity, or a mount, is this plugin's.
    func checkPermission(_ permission: String, in path: [String], of manifest: Manifest) {
        let parts = permission.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, NameRule.word.allows(parts[1]) else {
            return report(
                .permission, in: path, "the permission `\(permission)` must be an entity and a verb",
                suggestion: "write it like `work_order.complete`, without the plugin")
        }
        let known = manifest.entities.map(\.name) + manifest.mounts.map(\.route)
        if !known.contains(parts[0]) {
            reportUnknown(.permission, in: path, "the permission's entity", parts[0], known: known)
        }
    }
}
