package import HostModel
package import Metrics
import Synchronization

/// What the host counts; each observation is turned into at most two additions.
package final class HostMetrics: Sendable {
    private struct RequestKey: Hashable {
        let route: String
        let method: String
        let statusClass: Int
    }

    private struct CountedTime {
        let count: Counter
        let duration: Timer
    }

    private let factory: any MetricsFactory
    private let requests = Mutex<[RequestKey: CountedTime]>([:])
    private let lanes: Meter

    package init(factory: any MetricsFactory) {
        self.factory = factory
        lanes = Meter(label: "thorbis_database_lanes", factory: factory)
    }

    package func count(_ observation: Observation) {
        switch observation {
        case .requestFinished(let request): count(request)
        case .internalError: counter("thorbis_internal_errors_total", []).increment()
        case .laneConnected: lanes.increment()
        case .laneLost:
            lanes.decrement()
            counter("thorbis_database_lanes_lost_total", []).increment()
        case .databaseRefused: counter("thorbis_database_refusals_total", []).increment()
        case .pluginLoaded(let plugin, _, _):
            counter("thorbis_plugin_loads_total", [("plugin", plugin.description)]).increment()
        case .pluginRefused(_, let rule, _):
            counter("thorbis_plugin_refusals_total", [("rule", rule)]).increment()
        case .pluginStuck(let plugin, _, _):
            counter("thorbis_plugin_stuck_total", [("plugin", plugin.description)]).increment()
        case .pluginWatched(let plugin, _, let outcome, _):
            let labels = [("plugin", plugin.description), ("outcome", outcome.rawValue)]
            counter("thorbis_plugin_watches_total", labels).increment()
        case .rolloutTakenBack(let plugin, _, _):
            counter("thorbis_rollouts_taken_back_total", [("plugin", plugin.description)]).increment()
        case .rolloutServed, .rolloutRefused, .pluginForced, .pluginLogged, .hostGrown, .migrated, .serving, .stopping:
            break
        }
    }

    private func count(_ request: Observation.Request) {
        let key = RequestKey(route: request.route, method: request.method, statusClass: request.status / 100)
        let series = series(key)
        series.count.increment()
        series.duration.recordNanoseconds(request.duration.nanoseconds)
        if let code = request.code { counter("http_problems_total", [("code", code)]).increment() }
    }

    private func series(_ key: RequestKey) -> CountedTime {
        requests.withLock { requests in
            if let series = requests[key] { return series }
            let labels = [("route", key.route), ("method", key.method), ("status", "\(key.statusClass)xx")]
            let series = CountedTime(
                count: Counter(label: "http_requests_total", dimensions: labels, factory: factory),
                duration: Timer(label: "http_request_duration_seconds", dimensions: labels, factory: factory))
            requests[key] = series
            return series
        }
    }

    private func counter(_ label: String, _ labels: [(String, String)]) -> Counter {
        Counter(label: label, dimensions: labels, factory: factory)
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let parts = components
        return parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
    }
}
