/// No two things answer on one route.
struct RouteChecks {
    let manifest: Manifest
    let findings: Findings

    func run() {
        var owners: [String: String] = [:]
        for entity in manifest.entities {
            claim(entity.route, for: "the entity `\(entity.name)`", in: ["entities", entity.name, "route"], &owners)
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

    private func checkOperations() {
        var taken = generatedRoutes
        for operation in manifest.operations {
            guard let route = operation.route else { continue }
            let text = "\(route.method) \(route.path)"
            if let owner = taken[text], operation.replacesCreateOf == nil {
                findings.report(
                    .route, in: ["operations", operation.name, "route"], "`\(text)` is a route of \(owner)",
                    suggestion: owner.hasPrefix("the entity") ? "say `replaces`, or choose another path" : nil)
            }
            taken[text] = "the operation `\(operation.name)`"
        }
    }

    /// The routes that the host makes for records and for transitions without an operation.
    private var generatedRoutes: [String: String] {
        var routes: [String: String] = [:]
        for entity in manifest.entities {
            let path = "/\(entity.route)"
            var texts = ["GET \(path)", "GET \(path)/{id}"]
            if entity.writing == .routes {
                texts += ["POST \(path)", "PATCH \(path)/{id}"]
                if entity.isArchivable { texts.append("DELETE \(path)/{id}") }
            }
            for transition in entity.states?.transitions ?? [] where transition.operation == nil {
                texts.append("POST \(path)/{id}/actions/\(transition.name.replacing("_", with: "-"))")
            }
            for text in texts { routes[text] = "the entity `\(entity.name)`" }
        }
        return routes
    }
}
