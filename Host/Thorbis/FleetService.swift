import Foundation
import HostModel
import HostSupervisor
import NIOPosix
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The hosts under swift-service-lifecycle: a signal ends them in order, and SIGHUP replaces them by fresh ones.
struct FleetService: Service {
    let fleet: HostFleet
    let handOvers: HandOverDesk
    let data: DataFolder

    func run() async throws {
        let control = ControlServer(
            path: ControlSocket.supervisorPath(in: data.url), group: .singleton
        ) { [handOvers] request in
            switch request {
            case .handOver: return HandOverReport.answer(await handOvers.handOver())
            case .adviseHandOver(let reason):
                handOvers.advise(reason)
                return ControlAnswer.done
            default: return ControlAnswer.failure("the supervisor doesn't know the command.")
            }
        }
        let listener = try await control.start()
        // Beside the fleet, which alone decides when this ends.
        let others = [
            Task { await handOverAtHangUp() }, Task { await handOvers.run() }, Task { await control.run(listener) },
        ]
        defer { for task in others { task.cancel() } }
        do {
            try await cancelWhenGracefulShutdown { try await fleet.run() }
        } catch let failure as HostFleet.Failure {
            throw CommandFailure.environment("\(failure). The lines above say why.")
        } catch is CancellationError {}
    }

    private func handOverAtHangUp() async {
        for await _ in await UnixSignalsSequence(trapping: .sighup) {
            handOvers.report(await handOvers.handOver())
        }
    }
}

/// The `ready` line, printed when the first host serves.
final class Announcement: Sendable {
    private let authority: String
    private let isMade = Atomic(false)

    init(authority: String) {
        self.authority = authority
    }

    func makeOnce() {
        if !isMade.exchange(true, ordering: .relaxed) { printLine("ready http://\(authority)") }
    }
}

/// How a hand-over is told.
enum HandOverReport {
    /// "host 1: 4242 → 4343"
    static func line(_ place: Replacement) -> String {
        "host \(place.slot): \(place.old.map { "\($0)" } ?? "none") → \(place.new)"
    }

    /// For the command that asked.
    static func answer(_ outcome: HandOverOutcome) -> JSONValue {
        switch outcome {
        case .done(let places): ["ok": true, "hosts": .array(places.map { .string(line($0)) })]
        case .failed(let reason), .refused(let reason): ControlAnswer.failure(reason)
        }
    }
}
