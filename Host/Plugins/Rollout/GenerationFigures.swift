/// What was seen of one version of a plugin, on one host or on several together. Pure.
package struct GenerationFigures: Hashable, Sendable {
    /// Operations that ended.
    package var calls: Int
    /// What the plugin itself did wrong.
    package var faults: Int
    /// How long its operations took, without those of a cold start; see ``WarmReading``.
    package var latencies: LatencyCounts
    /// Deaths of hosts that are put down to it.
    package var crashes: Int

    package init(calls: Int = 0, faults: Int = 0, latencies: LatencyCounts = .none, crashes: Int = 0) {
        self.calls = calls
        self.faults = faults
        self.latencies = latencies
        self.crashes = crashes
    }

    /// Those of two hosts together.
    package static func + (left: GenerationFigures, right: GenerationFigures) -> GenerationFigures {
        GenerationFigures(
            calls: left.calls + right.calls, faults: left.faults + right.faults,
            latencies: left.latencies + right.latencies, crashes: left.crashes + right.crashes)
    }
}

/// Turns readings of one generation into its figures, and leaves the times of its first calls out: they find statements
/// unprepared and casts unknown, which says nothing of the code.
package struct WarmReading: Hashable, Sendable {
    /// Calls whose times don't count.
    package static let coldCalls = 100

    private let start: PluginWindow
    private var warm: LatencyCounts?

    /// - Parameter start: The reading from which on is counted; nothing for all since its load.
    package init(since start: PluginWindow = PluginWindow()) {
        self.start = start
        // What has worked before is warm.
        warm = start.calls >= Self.coldCalls ? start.latencies : nil
    }

    /// The figures as of a later reading. Readings come in order.
    package mutating func figures(of window: PluginWindow) -> GenerationFigures {
        if warm == nil, window.calls >= Self.coldCalls { warm = window.latencies }
        let latencies = warm.map { window.latencies.since($0) } ?? .none
        let seen = window.since(start)
        return GenerationFigures(calls: seen.calls, faults: seen.faults, latencies: latencies)
    }
}
