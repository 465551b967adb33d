package import HostModel
package import Logging
import Synchronization

/// Takes every observation of the host: one list, from which both the log lines and the metrics are made.
package final class HostObserver: Observer {
    /// Which answered requests get a line. Server errors always do.
    package enum AccessLog: Hashable, Sendable {
        case errorsOnly
        /// One in so many; 1 for each.
        case sampled(oneIn: Int)
    }

    private let logger: Logger
    private let metrics: HostMetrics
    private let accessLog: AccessLog
    private let seen = Atomic<Int>(0)

    package init(logger: Logger, metrics: HostMetrics, accessLog: AccessLog) {
        self.logger = logger
        self.metrics = metrics
        self.accessLog = accessLog
    }

    package func observe(_ observation: Observation) {
        metrics.count(observation)
        if case .requestFinished(let request) = observation, !isLogged(request) { return }
        guard let line = LogLine(observation) else { return }
        logger.log(level: line.level, "\(line.message)", metadata: line.metadata)
    }

    private func isLogged(_ request: Observation.Request) -> Bool {
        if request.status >= 500 { return true }
        guard case .sampled(let oneIn) = accessLog, logger.logLevel <= .info else { return false }
        return seen.wrappingAdd(1, ordering: .relaxed).newValue % max(1, oneIn) == 0
    }
}
