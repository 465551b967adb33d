package import HostModel
package import Logging
import Synchronization

/// Takes every observation of the host: one list, from which both the log lines and the metrics are made.
package final class HostObserver: Observer {
    /// Which answered requests get a line. Server errors always do, but for refusals under a flood: see ``LineBudget``.
    package enum AccessLog: Hashable, Sendable {
        case errorsOnly
        /// One in so many; 1 for each.
        case sampled(oneIn: Int)
    }

    private let logger: Logger
    private let metrics: HostMetrics
    private let accessLog: AccessLog
    private let clock: any WallClock
    private let seen = Atomic<Int>(0)
    private let refusals = Mutex(LineBudget())

    package init(
        logger: Logger, metrics: HostMetrics, accessLog: AccessLog, clock: any WallClock = SystemClock()
    ) {
        self.clock = clock
        self.logger = logger
        self.metrics = metrics
        self.accessLog = accessLog
    }

    package func observe(_ observation: Observation) {
        metrics.count(observation)
        var leftOut = 0
        if case .requestFinished(let request) = observation {
            guard isLogged(request) else { return }
            if request.isRefused {
                guard let count = refusals.withLock({ $0.admit(at: clock.now()) }) else { return }
                leftOut = count
            }
        }
        guard var line = LogLine(observation) else { return }
        if leftOut > 0 { line.metadata["left_out"] = "\(leftOut)" }
        logger.log(level: line.level, "\(line.message)", metadata: line.metadata)
    }

    private func isLogged(_ request: Observation.Request) -> Bool {
        if request.status >= 500 { return true }
        guard case .sampled(let oneIn) = accessLog, logger.logLevel <= .info else { return false }
        return seen.wrappingAdd(1, ordering: .relaxed).newValue % max(1, oneIn) == 0
    }
}

extension Observation.Request {
    /// Whether it was answered that the service is busy, or away.
    fileprivate var isRefused: Bool { code == Problem.Code.unavailable.description }
}
