import Foundation
import HostGateway
import HostModel
import HostSupervisor
import Logging

/// What the supervisor says on standard error, in the form of the hosts' own lines.
struct FleetLog: Sendable {
    private let logger: Logger

    init(clock: SystemClock) {
        logger = Logger(label: "thorbis.supervisor") { label in
            JSONLogHandler(label: label, level: .info, descriptor: STDERR_FILENO, clock: clock)
        }
    }

    func write(_ note: FleetNote) {
        switch note {
        case .ready(let host): logger.info("host serves", metadata: Self.metadata(host))
        case .drained(let host): logger.info("host has ended", metadata: Self.metadata(host))
        case .late(let host): logger.error("host was not ready in time; killing it", metadata: Self.metadata(host))
        case .died(let death, let delay):
            let next = delay == .zero ? "at once" : "in \(delay)"
            logger.error("host \(death.ending); starting it again \(next)", metadata: Self.metadata(death.host))
        case .notStarted(let slot, let reason, let delay):
            logger.error("host can't be started: \(reason); again in \(delay)", metadata: ["host": "\(slot)"])
        case .handOverFailed(let reason): logger.error("hand-over failed: \(reason)")
        }
    }

    func warn(_ message: String) { logger.warning("\(message)") }
    func say(_ message: String) { logger.info("\(message)") }

    private static func metadata(_ host: HostIdentity) -> Logger.Metadata {
        ["host": "\(host.slot)", "pid": "\(host.pid)", "process_generation": "\(host.generation)"]
    }
}
