import Foundation
import HostAuth
import HostGateway
import HostManifest
import HostModel
import HostPlugins
import HostPostgres
import HostStorage
import NIOCore
import NIOPosix

/// A gateway with the real manifests whose database never starts: everything up to the store can be asked.
struct GatewayFixture {
    let gateway: Gateway
    let issuer: AccessTokenIssuer
    let credentials: CredentialCache
    let clock = SystemClock()
    let storage: Storage
    private let database: Database

    init() async throws {
        var configuration = GatewayConfiguration(
            server: ServerConfiguration(listening: .address(host: "127.0.0.1", port: 0)))
        configuration.server.drainGrace = .milliseconds(20)
        configuration.burstRate = nil
        let group = MultiThreadedEventLoopGroup.singleton
        let manifests = try Self.manifests()
        let observer = SilentObserver()
        let keys = SigningKeys.generate()
        let policy = AccessTokenPolicy(issuer: "https://test", audience: "test")
        credentials = CredentialCache()
        issuer = await AccessTokenIssuer(keys: keys, policy: policy, clock: clock)
        database = Database(
            configuration: DatabaseConfiguration(connectionString: "postgresql://localhost/none"), group: group,
            observer: observer)
        storage = Storage(
            directory: BusinessDirectory(home: database), manifests: manifests,
            cursorSeal: CursorSeal(key: Array(repeating: 7, count: 32)), credentials: credentials, clock: clock,
            observer: observer)
        gateway = try Gateway(
            configuration: configuration,
            // Operations are called and then not found: no library is loaded here.
            plugins: PluginSnapshot(manifests: manifests, entries: [:]), storage: storage,
            services: GatewayServices(
                credentials: credentials, verifier: await AccessTokenVerifier(keys: keys, policy: policy),
                issuer: issuer,
                hasher: PasswordHasher(), keys: keys, exposition: { PrometheusFactory().exposition() }, clock: clock,
                observer: observer, isReady: { true }),
            group: group)
    }

    static func manifests() throws -> ManifestSet {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try ManifestSet.resolve(
            ["core", "hs"].map { name in
                let file = "manifests/\(name).yaml"
                return try ManifestParser.parse(
                    yaml: String(contentsOf: root.appending(path: file), encoding: .utf8), file: file, digest: "")
            })
    }

    /// A signed-in user with these rights; the token is in the cache as after a first request.
    func token(tier: Tier = .starter, _ grants: [(String, PermissionScope)]) async throws -> String {
        let (user, session, business) = (UserID(UUID()), SessionID(UUID()), BusinessID(UUID()))
        let token = try await issuer.issue(user: user, session: session, business: business, tokenID: UUID())
        let role = RoleDefinition(
            name: "test",
            grants: grants.compactMap { grant in
                PermissionPattern(grant.0).map { RoleDefinition.Grant(pattern: $0, scope: grant.1) }
            })
        let principal = Principal(
            business: business, user: user, session: session, roles: ["test"],
            permissions: PermissionSet(roles: [role]), tier: tier, expires: token.claims.expires)
        let now = clock.now()
        credentials.insert(token.text, principal, credentials.begin(at: now))
        return token.text
    }

    /// Serves while the body runs; it gets a function that sends one request and gives the whole answer's text.
    func serving(_ body: (@escaping @Sendable (String) async throws -> String) async throws -> Void) async throws {
        let listener = try await gateway.bind()
        let port = listener.localAddress?.port ?? 0
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await gateway.run(listener) }
            defer { gateway.stop() }
            try await body { text in
                let client = try await RawClient.connect(port: port, group: MultiThreadedEventLoopGroup.singleton)
                try await client.send(text)
                return await client.textUntilClosed()
            }
        }
        await database.close()
    }
}
