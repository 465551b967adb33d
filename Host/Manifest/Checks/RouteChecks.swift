/// No two things of one manifest answer on one route; the routes of mounts are checked with the whole set.
struct RouteChecks {
    let manifest: Manifest
    let findings: Findings

    func run() {
        var owners: [String: String] = [:]
        for entity in manifest.entities {
            claim(entity.route, for: "the entity `\(entity.name)`", in: ["entities", entity.name, "route"], &owners)
            checkArchiving(entity)
        }
        for mount in manifest.mounts {
            claim(mount.route, for: "the mount `\(mount.route)`", in: ["mounts", mount.route], &owners)
        }
        checkOperations()
    }

    private func claim(_ route: String, for owner: String, in path: [String], _ owners: inout [String: String]) {
        if let other = owners[route] {
            findings.report(.route, in: path, "\(owner) has the route `\(route)`, as \(other) has")
        }
        owners[route] = owner
    }

    /// A transition named `archive` would stand where the host's own action stands.
    private func checkArchiving(_ entity: Entity) {
        let routes = names(of: entity)
        guard let archive = routes.archive, routes.transitions.contains(archive) else { return }
        findings.report(
            .route, in: ["entities", entity.name, "states", "transitions", "archive"],
            "`\(archive)` archives records of `\(entity.name)`", suggestion: "name the transition otherwise")
    }

    private func checkOperations() {
        var taken: [String: String] = [:]
        for entity in manifest.entities {
            for name in names(of: entity).all { taken[name] = "the entity `\(entity.name)`" }
        }
        for operation in manifest.operations {
            guard let route = operation.route else { continue }
            if let owner = taken[route.description] {
                let isCreate = manifest.entities.contains { "POST /\($0.route)" == route.description }
                findings.report(
                    .route, in: ["operations", operation.name, "route"], "`\(route)` is a route of \(owner)",
                    suggestion: (isCreate ? "say `replaces`, or " : "") + "choose another path")
            }
            taken[route.description] = "the operation `\(operation.name)`"
        }
    }

    private func names(of entity: Entity) -> RecordRouteNames {
        RecordRouteNames(
            entity: entity, route: entity.route,
            isCreateReplaced: manifest.operations.contains { $0.replacesCreateOf == entity.name })
    }
}
