import Foundation
import HostAuth
import HostGateway
import HostJobs
import HostManifest
import HostModel
import HostPlugins
import HostPostgres
import HostStorage
import HostSupervisor
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The host process put together: every room made once, from what the settings say, and handed what it needs.
struct HostComposition: Service {
    private let group: MultiThreadedEventLoopGroup
    private let database: Database
    private let plugins: ServingPlugins
    private let revocations: Revocations
    private let follower: RolloutFollower
    private let control: ControlServer
    private let importWorkers: Int
    private let memoryMax: Int?
    private let observer: any Observer
    private let crashes: CrashFile
    private let recycling: Recycling
    private let place: HostPlace

    /// Loads keys, manifests and plugins, and connects.
    ///
    /// - Throws: ``CommandFailure`` that says what is missing; nothing serves then.
    static func make(settings: Settings, address: String, place: HostPlace) async throws -> HostComposition {
        let clock = SystemClock()
        let data = try DataFolder(settings.dataFolder)
        let metrics = PrometheusFactory()
        let observer = observer(settings, place, metrics, clock)
        // Before plugins are prepared: what hosts before this one died of may keep code out of service.
        let crashes = try await CrashWatch.begin(settings, clock: clock)
        let recycling = Recycling(crashes: crashes, observer: observer)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: settings.workers)
        let configuration = DatabaseConfiguration(connectionString: address)
        let database = try await connect(configuration, group, observer)
        // What all hosts are to serve wins over what this installation has in use.
        let rollouts = RolloutStart(store: RolloutStore(database: database), host: RolloutStart.host(data))
        let (plan, catalogue) = try await rollouts.catalogue(settings)
        let registry = try registry(catalogue, settings, observer: observer, crashes) { recycling.stuck($0) }
        metrics.include { ResidentMemory.exposition }
        metrics.include { PluginExposition.text(of: registry.generations) }
        // Trying plugins waits for other processes, looking at the catalogue for the database.
        async let prepared = rollouts.refusing(for: plan) {
            try await PluginSetMaker.prepare(catalogue, registry, settings: settings)
        }
        try await CatalogueLint.require(of: database, manifests: catalogue.manifests)
        let loaded = try await prepared

        let board = try place.board(keepsAnswers: settings.readCacheBytesMax != nil)
        let reads = settings.readCacheBytesMax.flatMap { bytes in board.map { ReadCache(board: $0, bytesMax: bytes) } }
        metrics.include { reads?.exposition ?? "" }
        let credentials = CredentialCache()
        let customFields = CustomFieldCache()
        let masterKeys = MasterKeyFiles(data: data)
        try masterKeys.prepare()
        let seal = CursorSeal(key: try data.secret("cursor-key"))
        let storage: @Sendable (ManifestSet) -> Storage = { manifests in
            Storage(
                directory: BusinessDirectory(home: database), manifests: manifests, cursorSeal: seal,
                credentials: credentials, customFields: customFields, clock: clock, board: board,
                masterKeys: masterKeys, observer: observer)
        }
        let hosts = HostsMetrics(
            own: { metrics.exposition() }, slot: place.slot, started: clock.now(), data: data)
        let services = try await services(
            credentials: credentials, metrics: hosts, settings: settings, data: data, clock: clock,
            observer: observer, reads: reads, isReady: { database.isReachable })
        let first = storage(catalogue.manifests)
        let gateway = try gateway(gatewayConfiguration(settings, place), loaded, first, services, group)
        registry.install(loaded)
        let plugins = ServingPlugins(
            maker: PluginSetMaker(
                registry: registry, gateway: gateway, database: database, settings: settings, makeStorage: storage),
            first: PluginSet(
                versions: plan.sets[0], packages: catalogue.packages, plugins: loaded, storage: first,
                gateway: gateway.stable), plan: plan, observer: observer
        ) { advice in
            // Only who is one of several has somebody to ask.
            if place.slot != nil { askForFreshHosts(advice, data) }
        }
        let follower = RolloutFollower(
            store: rollouts.store, plugins: plugins,
            listener: Listener(configuration: configuration, channels: [RolloutStore.channel], group: group),
            host: rollouts.host, crashes: CrashFolder(data: data.url), observer: observer)
        let listener = Listener(configuration: configuration, channels: [Revocations.channel], group: group)
        return HostComposition(
            group: group, database: database, plugins: plugins,
            revocations: Revocations(listener: listener, credentials: credentials, customFields: customFields),
            follower: follower,
            control: ControlServer(path: ControlSocket.path(in: data), group: group) { request in
                await HostCommands(plugins: plugins, metrics: hosts).answer(to: request)
            }, importWorkers: settings.importWorkers, memoryMax: settings.memoryMax,
            observer: observer, crashes: crashes, recycling: recycling, place: place)
    }

    /// Serves until a graceful shutdown: requests in flight are answered, then the database connections end.
    func run() async throws {
        let listener: HTTPListener
        do {
            listener = try await plugins.gateway.bind()
        } catch {
            throw CommandFailure.environment(
                "can't listen: \(error). Is another server on this port? Set THORBIS_PORT to another one.")
        }
        try await follower.begin()
        let controlled = try await control.start()
        crashes.ready()
        place.announce(authority: Self.authority(of: listener))
        let background =
            [
                Task { await revocations.run() }, Task { await follower.run() }, Task { await control.run(controlled) },
                Task { await ResidentMemory.keep(below: memoryMax, recycling) },
            ]
            + (0..<importWorkers).map { _ in
                Task { await ImportRunner.run(observer: observer) { plugins.storage(for: $0) } }
            }
        await withGracefulShutdownHandler {
            await plugins.gateway.run(listener)
        } onGracefulShutdown: {
            plugins.gateway.stop()
        }
        for task in background { task.cancel() }
        for task in background { await task.value }
        await follower.leave()
        await database.close()
        try await group.shutdownGracefully()
        // The supervisor looks into the file of a host that ends to be replaced.
        if !recycling.isUnderWay { crashes.remove() }
    }

    /// Whether it has ended to be replaced.
    var isReplaced: Bool { recycling.isUnderWay }

    private static func authority(of listener: HTTPListener) -> String {
        guard let address = listener.localAddress, let port = address.port else { return "an inherited socket" }
        let host = address.ipAddress ?? "127.0.0.1"
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

extension HostComposition {
    private static func observer(
        _ settings: Settings, _ place: HostPlace, _ metrics: PrometheusFactory, _ clock: SystemClock
    ) -> HostObserver {
        HostObserver(
            logger: logger(clock: clock, slot: place.slot), metrics: HostMetrics(factory: metrics),
            accessLog: settings.logsRequests ? .sampled(oneIn: 1) : .errorsOnly)
    }

    private static func logger(clock: SystemClock, slot: Int?) -> Logger {
        var logger = Logger(label: "thorbis") { label in
            JSONLogHandler(label: label, level: .info, descriptor: STDERR_FILENO, clock: clock)
        }
        if let slot { logger[metadataKey: "host"] = "\(slot)" }
        return logger
    }

    private static func registry(
        _ catalogue: PluginCatalogue, _ settings: Settings, observer: any Observer, _ crashes: CrashFile,
        onStuck: @escaping @Sendable (PluginThreads.Stuck) -> Void
    ) throws -> PluginRegistry {
        do throws(PluginRefusal) {
            let loader = PluginLoader(
                verifier: try PluginFiles.verifier(), trust: catalogue.trust, prober: SubprocessProber())
            return PluginRegistry(
                loader: loader, observer: observer, crashes: crashes,
                generationsMax: settings.generationsMax, onStuck: onStuck)
        } catch {
            throw CommandFailure.environment("\(error)")
        }
    }

    /// A task of its own, which ends with the supervisor's word: the reload that led here is done.
    private static func askForFreshHosts(_ advice: String, _ data: DataFolder) {
        let host = ProcessInfo.processInfo.processIdentifier
        let reason = "host \(host): \(advice)"
        Task { _ = try? await ControlSocket.askSupervisor(.adviseHandOver(reason: reason), in: data.url) }
    }

    private static func connect(
        _ configuration: DatabaseConfiguration, _ group: MultiThreadedEventLoopGroup, _ observer: any Observer
    ) async throws -> Database {
        let database = Database(configuration: configuration, group: group, observer: observer)
        do throws(DatabaseError) {
            try await database.start()
        } catch {
            throw CommandFailure.environment("the database can't be reached: \(error.detail)")
        }
        do throws(Problem) {
            try await RuntimeRole.check(database)
        } catch {
            throw CommandFailure.environment(error.detail)
        }
        return database
    }

    private static func services(
        credentials: CredentialCache, metrics: HostsMetrics, settings: Settings, data: DataFolder,
        clock: SystemClock, observer: HostObserver, reads: ReadCache?, isReady: @escaping @Sendable () -> Bool
    ) async throws -> GatewayServices {
        let keys = try signingKeys(in: data)
        let policy = AccessTokenPolicy(issuer: "https://thorbis.dev", audience: "thorbis-api")
        return GatewayServices(
            credentials: credentials, verifier: await AccessTokenVerifier(keys: keys, policy: policy),
            issuer: await AccessTokenIssuer(keys: keys, policy: policy, clock: clock),
            hasher: settings.passwordHasher, keys: keys, exposition: { await metrics.text() }, clock: clock,
            observer: observer, reads: reads, isReady: isReady)
    }

    /// The keys of the data folder, made at the first start. Hosts that share a database share the file.
    private static func signingKeys(in data: DataFolder) throws -> SigningKeys {
        let file = "signing-keys.json"
        let bytes = try data.kept(file) { SigningKeys.generate().serialised }
        do throws(SigningKeyError) {
            return try SigningKeys(parsing: bytes)
        } catch {
            throw CommandFailure.environment("\(data.url.appending(path: file).path()) can't be used: \(error)")
        }
    }

    private static func gateway(
        _ configuration: GatewayConfiguration, _ plugins: PluginSnapshot, _ storage: Storage,
        _ services: GatewayServices, _ group: MultiThreadedEventLoopGroup
    ) throws -> Gateway {
        do {
            return try Gateway(
                configuration: configuration, plugins: plugins, storage: storage, services: services, group: group)
        } catch {
            throw CommandFailure.findings("two routes of the manifests clash: \(error)")
        }
    }

    private static func gatewayConfiguration(_ settings: Settings, _ place: HostPlace) -> GatewayConfiguration {
        var configuration = GatewayConfiguration(
            server: ServerConfiguration(listening: place.listening(settings)))
        if !settings.limitsRates {
            configuration.signInRate = nil
            configuration.accountRate = nil
            configuration.signUpRate = nil
            configuration.burstRate = nil
        }
        return configuration
    }
}
