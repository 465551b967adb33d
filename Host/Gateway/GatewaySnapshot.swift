import HostManifest
import HostModel
import HostPlugins
import HostStorage
import HostTenancy

/// What answers requests at one moment: the routes of a set of plugins with their code, and the gates before them.
///
/// Never changes. A request keeps the snapshot it began with, so a reload disturbs none.
package final class GatewaySnapshot: Sendable {
    let routes: RouteTable
    let pipeline: RequestPipeline
    /// What callers can ask for, to tell what a reload changes.
    private let contract: (routes: [Route], manifests: ManifestSet)

    init(routes: RouteTable, pipeline: RequestPipeline, contract: (routes: [Route], manifests: ManifestSet)) {
        self.routes = routes
        self.pipeline = pipeline
        self.contract = contract
    }

    func change(to next: GatewaySnapshot) -> ContractChange { ContractChange(from: contract, to: next.contract) }
}

/// Makes snapshots; what must outlive a reload, such as the rate buckets, is kept here.
struct SnapshotFactory: Sendable {
    private let services: GatewayServices
    private let version: String
    private let cors: CORS
    private let rateLimiting: RateLimiting
    private let burst: RateBuckets<BusinessID>?
    private let accountRate: RateBuckets<String>?

    init(_ configuration: GatewayConfiguration, _ services: GatewayServices) {
        self.services = services
        version = configuration.version
        cors = CORS(origins: configuration.corsOrigins)
        rateLimiting = RateLimiting(
            signIn: configuration.signInRate, signUp: configuration.signUpRate, clock: services.clock)
        burst = configuration.burstRate.map { RateBuckets($0) }
        accountRate = configuration.accountRate.map { RateBuckets($0) }
    }

    /// - Parameters:
    ///   - plugins: The plugins in service.
    ///   - storage: The stores for them.
    ///   - edition: Another one for each snapshot of the process: cached credentials belong to one.
    ///   - health: The routes of the process itself, which know whether it is stopping.
    /// - Throws: ``RouteClash`` when two routes have the same method and path.
    func snapshot(
        _ plugins: PluginSnapshot, _ storage: Storage, edition: Int, health: [Route]
    ) throws(RouteClash) -> GatewaySnapshot {
        let set = plugins.manifests
        let operations = OperationRunner(plugins: plugins, storage: storage.operations, observer: services.observer)
        let features = FeatureGate(set)
        let platform = PlatformRoutes(
            services: services, storage: storage, manifests: set, features: features, accountRate: accountRate)
        let pluginRoutes = set.manifests.flatMap { routes(of: $0, in: set, storage, features, operations) }
        let documented = platform.routes() + pluginRoutes + health
        let document = LateDocument { [version] in OpenAPIDocument.make(documented, set, version: version).utf8 }
        let table = try RouteTable(documented + [PlatformRoutes.openAPI(document)])
        let imports = storage.importCatalogue.all.map { $0.permission("import") }
        let groups = set.manifests.flatMap { RecordGroup.all(of: $0, in: set) }
        let unrouted = imports + groups.compactMap(\.reveal) + groups.flatMap(\.linePermissions)
        let permissions = documented.compactMap(\.permission) + unrouted
        let principals = StoredPrincipals(sessions: storage.sessions, manifests: set, permissions: permissions)
        return GatewaySnapshot(
            routes: table, pipeline: pipeline(features, principals, storage.idempotency, plugins, edition),
            contract: (documented, set))
    }

    private func routes(
        of manifest: Manifest, in set: ManifestSet, _ storage: Storage, _ features: FeatureGate,
        _ runner: OperationRunner
    ) -> [Route] {
        let records = RecordEndpoints(
            records: storage.records, exports: storage.exports, ids: UUIDv7Source(clock: services.clock),
            manifest: manifest, features: features, set: set)
        let replaced = Set(manifest.operations.compactMap(\.replacesCreateOf))
        let groups = RecordGroup.all(of: manifest, in: set)
        let recordRoutes = groups.flatMap { group in
            let isReplaced = group.reference.plugin == manifest.id && replaced.contains(group.noun)
            return RecordRoutes(group: group, replacesCreate: isReplaced, endpoints: records).routes()
        }
        let own = groups.filter { $0.reference.plugin == manifest.id }
        let actions = own.compactMap { group in
            RecordActions(group, of: manifest, features: features).map { (group.noun, $0) }
        }
        let operations = OperationEndpoints(
            runner: runner, clock: services.clock,
            actions: Dictionary(actions, uniquingKeysWith: { first, _ in first }))
        return recordRoutes + OperationRoutes(manifest: manifest, endpoints: operations).routes()
    }

    private func pipeline(
        _ features: FeatureGate, _ principals: any PrincipalSource, _ answers: IdempotencyStore,
        _ plugins: PluginSnapshot, _ edition: Int
    ) -> RequestPipeline {
        RequestPipeline(
            cors: cors, rateLimiting: rateLimiting,
            authentication: Authentication(
                cache: services.credentials, edition: edition, verifier: services.verifier,
                principals: principals, clock: services.clock),
            tierGate: TierGate(features: features, burst: burst, clock: services.clock),
            idempotency: Idempotency(answers: answers),
            reading: CachedReading(cache: services.reads, edition: edition),
            denied: { requirement in
                guard let plugin = requirement.permission?.plugin else { return }
                plugins[plugin]?.generation.deny()
            })
    }
}
