import HostModel
import HostPlugins
import HostStorage
import NIOCore
import NIOHTTP1
import Synchronization

/// Answers the engine's requests from the snapshot in service, and reports every answer.
final class GatewayResponder: HTTPResponder {
    struct Match: Sendable {
        let snapshot: GatewaySnapshot
        let route: RouteMatch
        /// What answers when the claim that the snapshot was chosen by is false; nil when it was chosen by none.
        fileprivate var unproven: Unproven?
    }

    fileprivate struct Unproven: Sendable {
        let snapshot: GatewaySnapshot
        let route: RouteMatch
    }

    private let observer: any Observer
    private let exposition: @Sendable () async -> String
    private let isReady: @Sendable () -> Bool
    private let factory: SnapshotFactory
    private let current: Mutex<Service>
    private let stopping: StopFlag
    /// The number of the next snapshot; the first one has 0.
    private let editions = Atomic<Int>(1)

    /// What serves: one set of plugins for everybody, or several that share the businesses.
    private struct Service {
        let stable: GatewaySnapshot
        let division: Division?
    }

    /// Whether the process is going down; shared with `/readyz`.
    private final class StopFlag: Sendable {
        let isSet = Atomic<Bool>(false)
    }

    init(
        _ configuration: GatewayConfiguration, _ services: GatewayServices, _ plugins: PluginSnapshot,
        _ storage: Storage
    ) throws(RouteClash) {
        observer = services.observer
        exposition = services.exposition
        isReady = services.isReady
        factory = SnapshotFactory(configuration, services)
        let stopping = StopFlag()
        self.stopping = stopping
        let first = try factory.snapshot(
            plugins, storage, edition: 0, health: Self.health(stopping, services.isReady, services.exposition))
        current = Mutex(Service(stable: first, division: nil))
    }

    /// What serves every business that no other set was chosen for.
    var stable: GatewaySnapshot { current.withLock(\.stable) }

    /// Makes what a set of plugins would answer with; it isn't in service yet.
    func snapshot(_ plugins: PluginSnapshot, _ storage: Storage) throws(RouteClash) -> GatewaySnapshot {
        let edition = editions.wrappingAdd(1, ordering: .relaxed).oldValue
        return try factory.snapshot(
            plugins, storage, edition: edition, health: Self.health(stopping, isReady, exposition))
    }

    /// Takes the place of what served; requests that run keep theirs.
    func serve(_ stable: GatewaySnapshot, _ division: Division?) -> ContractChange {
        let before = current.withLock { current in
            defer { current = Service(stable: stable, division: division) }
            return current.stable
        }
        return before.change(to: stable)
    }

    /// From here on `/readyz` is 503.
    func startStopping() { stopping.isSet.store(true, ordering: .relaxed) }

    private static func health(
        _ stopping: StopFlag, _ isReady: @escaping @Sendable () -> Bool,
        _ exposition: @escaping @Sendable () async -> String
    ) -> [Route] {
        HealthRoutes.all(
            isReady: { !stopping.isSet.load(ordering: .relaxed) && isReady() }, exposition: exposition)
    }

    // MARK: HTTPResponder

    func match(_ head: HTTPRequestHead) -> Match {
        let (stable, division) = current.withLock { ($0.stable, $0.division) }
        let route = stable.routes.match(head.method, target: head.uri)
        guard let snapshot = division?.snapshot(for: head, stable: stable) else {
            return Match(snapshot: stable, route: route)
        }
        return Match(
            snapshot: snapshot,
            route: snapshot === stable ? route : snapshot.routes.match(head.method, target: head.uri),
            unproven: Unproven(snapshot: stable, route: route))
    }

    /// What is to answer. A false claim gets what everybody gets, in the same time: which version a business has is
    /// nobody else's to learn, be it from a route that is there or from the OpenAPI document.
    private func proven(_ match: Match, _ request: HTTPRequest) async -> Match {
        guard let stable = match.unproven,
            await !match.snapshot.pipeline.authentication.isGenuine(request.fields.authorization)
        else { return match }
        return Match(snapshot: stable.snapshot, route: stable.route)
    }

    func bodyBytesMax(_ match: Match) -> Int {
        guard case .found(let route, _) = match.route else { return InputShape.standardBodyBytesMax }
        return route.input.bodyBytesMax
    }

    func deadline(_ match: Match) -> Duration {
        guard case .found(let route, _) = match.route else { return Route.standardDeadline }
        return route.deadline
    }

    func respond(to request: HTTPRequest, _ match: Match) async -> HTTPResponse {
        let match = match.unproven == nil ? match : await proven(match, request)
        var trace = RequestPipeline.Trace()
        var response: HTTPResponse
        do {
            response = try await match.snapshot.pipeline.respond(to: request, match.route, &trace)
        } catch {
            response = ProblemDocument.response(error, id: request.id)
        }
        response.fields += trace.fields
        if case .stream(let stream) = response.body, request.method != .HEAD {
            response.body = .stream(reported(stream, request, match.route.pattern, response, trace.business))
        } else {
            report(request, match.route.pattern, response, trace.business)
        }
        return response
    }

    func answer(to error: any Error, id: RequestID) -> HTTPResponse {
        ProblemDocument.response(Self.problem(error), id: id)
    }

    /// A streamed answer is reported when it ends: one that broke off counts as what it broke off with.
    private func reported(
        _ stream: HTTPStream, _ request: HTTPRequest, _ pattern: String, _ response: HTTPResponse,
        _ business: BusinessID?
    ) -> HTTPStream {
        HTTPStream(length: stream.length, deadline: stream.deadline) { [self] writer in
            do {
                try await stream.write(writer)
                report(request, pattern, response, business)
            } catch {
                var broken = response
                if error is HTTPStreamEnded || error is CancellationError {
                    broken.code = "client_left"
                } else {
                    broken = answer(to: error, id: request.id)
                }
                report(request, pattern, broken, business)
                throw error
            }
        }
    }

    /// Streams throw problems; anything else is a flaw of ours.
    private static func problem(_ error: any Error) -> Problem {
        error as? Problem ?? Problem(.internalError, "Something went wrong on our side.")
    }

    func refuse(_ problem: Problem, id: RequestID) -> HTTPResponse {
        let response = ProblemDocument.response(problem, id: id)
        observer.observe(
            .requestFinished(
                .init(
                    id: id, method: "-", route: "(refused)", status: response.status, duration: .zero, business: nil,
                    code: response.code)))
        return response
    }

    private func report(
        _ request: HTTPRequest, _ pattern: String, _ response: HTTPResponse, _ business: BusinessID?
    ) {
        let duration = Duration.nanoseconds((NIODeadline.now() - request.arrival).nanoseconds)
        observer.observe(
            .requestFinished(
                .init(
                    id: request.id, method: request.method.label, route: pattern, status: response.status,
                    duration: duration, business: business, code: response.code)))
    }
}

extension HTTPMethod {
    /// The method as a label: methods that no route knows share one, since clients can make them up.
    fileprivate var label: String {
        switch self {
        case .GET, .HEAD, .POST, .PATCH, .PUT, .DELETE, .OPTIONS: rawValue
        default: "other"
        }
    }
}
