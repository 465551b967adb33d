import HostAuth
import HostModel
package import HostPlugins
package import HostStorage
import NIOCore
package import NIOPosix

/// The HTTP edge of the host: engine, routes and gates together.
///
/// `bind`, then `run`; `stop` from any thread. The executable owns the event loops and everything in the services.
package final class Gateway: Sendable {
    private let responder: GatewayResponder
    private let server: HTTPServer<GatewayResponder>
    private let services: GatewayServices

    /// - Throws: ``RouteClash`` when two routes of the manifests have the same method and path.
    package init(
        configuration: GatewayConfiguration, plugins: PluginSnapshot, storage: Storage, services: GatewayServices,
        group: MultiThreadedEventLoopGroup
    ) throws(RouteClash) {
        self.services = services
        responder = try GatewayResponder(configuration, services, plugins, storage)
        server = HTTPServer(
            configuration: configuration.server, responder: responder, group: group, clock: services.clock)
    }

    /// Opens the socket. Requests are answered from here on.
    package func bind() async throws -> HTTPListener {
        let listener = try await server.bind()
        services.observer.observe(.serving(address: listener.localAddress?.description ?? "an inherited socket"))
        return listener
    }

    /// Serves until ``stop()``, or until the task is cancelled, which cuts requests in flight.
    package func run(_ listener: HTTPListener) async {
        await server.run(listener)
        services.observer.observe(.stopping(inFlight: server.inFlight))
    }

    /// Binds and serves.
    package func run() async throws {
        await run(try await bind())
    }

    /// Asks ``run(_:)`` to return after the requests in flight; `/readyz` is 503 from here on.
    package func stop() {
        responder.startStopping()
        server.stop()
    }

    /// What serves now.
    package var stable: GatewaySnapshot { responder.stable }

    /// Makes what a set of plugins would answer with; nothing serves differently.
    ///
    /// - Throws: ``RouteClash`` when two routes of the manifests have the same method and path.
    package func snapshot(_ plugins: PluginSnapshot, storage: Storage) throws(RouteClash) -> GatewaySnapshot {
        try responder.snapshot(plugins, storage)
    }

    /// Serves other sets of plugins; requests that run keep the routes and the code that they began with.
    ///
    /// - Parameters:
    ///   - stable: For every business that isn't given another one.
    ///   - others: Those that the choice numbers from 1.
    ///   - choice: Which set serves which business; nil when the stable one serves all.
    /// - Returns: What callers of the stable one can do now that they couldn't before, and the other way round.
    package func serve(
        _ stable: GatewaySnapshot, others: [GatewaySnapshot] = [], choice: SnapshotChoice? = nil
    ) -> ContractChange {
        responder.serve(stable, choice.map { Division(choice: $0, others: others) })
    }
}
