/// What went through a generation in a stretch of time. Pure.
///
/// Two readings of the same generation give the stretch between them: `later.since(earlier)`.
package struct PluginWindow: Hashable, Sendable {
    /// Operations that ended.
    package var calls = 0
    /// Those that the plugin refused, or that a rule of the host refused to it.
    package var refused = 0
    /// Those that ended in a failure of anybody: the plugin, another one that it called, the host, the database.
    package var failed = 0
    /// What the plugin itself did wrong: what its manifest doesn't declare, more than its limits, too much time.
    package var faults = 0
    /// Requests for its operations and records that were refused for want of a permission or a tier.
    package var denials = 0
    /// Spent in the host's stores on behalf of its operations.
    package var storeTime: Duration = .zero
    /// Spent in its operations, with those that they led to and the stores.
    package var callTime: Duration = .zero
    /// How long its operations took.
    package var latencies = LatencyCounts.none

    /// Nothing.
    package init() {}

    /// Half of the operations took at most this; nil when none ended.
    package var p50: Duration? { latencies.quantile(0.5) }
    package var p95: Duration? { latencies.quantile(0.95) }
    package var p99: Duration? { latencies.quantile(0.99) }

    /// The share of operations in which the plugin did something wrong, 0 to 1; 0 when none ended.
    package var faultShare: Double { calls > 0 ? min(1, Double(faults) / Double(calls)) : 0 }

    /// What came after an earlier reading of the same generation.
    package func since(_ earlier: PluginWindow) -> PluginWindow {
        var window = PluginWindow()
        window.calls = calls - earlier.calls
        window.refused = refused - earlier.refused
        window.failed = failed - earlier.failed
        window.faults = faults - earlier.faults
        window.denials = denials - earlier.denials
        window.storeTime = storeTime - earlier.storeTime
        window.callTime = callTime - earlier.callTime
        window.latencies = latencies.since(earlier.latencies)
        return window
    }
}
