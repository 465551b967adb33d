import HostManifest
import HostModel
import NIOHTTP1

/// What callers can do after a reload that they couldn't before, and the other way round. Pure.
package struct ContractChange: Hashable, Sendable {
    /// `+ /api/hs/app/v1/work-orders POST, hs.work_order.create, feature hs.work-orders`, removed ones with `-`.
    package let lines: [String]

    /// - Parameters:
    ///   - before: What was served, and its manifests.
    ///   - after: What is served now.
    init(from before: (routes: [Route], manifests: ManifestSet), to after: (routes: [Route], manifests: ManifestSet)) {
        let old = Set(before.routes.map(Self.line)).union(Self.tiers(before.manifests))
        let new = Set(after.routes.map(Self.line)).union(Self.tiers(after.manifests))
        let marked = old.subtracting(new).map { ($0, "-") } + new.subtracting(old).map { ($0, "+") }
        lines = marked.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { "\($0.1) \($0.0)" }
    }

    /// The path comes first, so that a route which asks for something else now has both of its lines together.
    private static func line(_ route: Route) -> String {
        var parts = ["\(route.pattern) \(route.method.rawValue)"]
        if case .tenant(let requirement, _) = route.handler {
            parts += ([requirement.permission].compactMap(\.self) + requirement.also).map { "\($0)" }
            parts += requirement.feature.map { ["feature \($0)"] } ?? []
        }
        return parts.joined(separator: ", ")
    }

    private static func tiers(_ set: ManifestSet) -> [String] {
        set.manifests.flatMap { manifest in
            manifest.features.map { "feature \(manifest.id).\($0.name), from tier \($0.tier.rawValue)" }
        }
    }
}
