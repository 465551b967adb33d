import Metrics
import Synchronization

/// The numbers of one series.
protocol Series: AnyObject, Sendable {
    /// Prometheus's word for it: `counter`, `gauge`, `histogram`.
    var type: String { get }
    func write(_ name: SeriesName, into text: inout String)
}

/// Counts up.
final class CounterSeries: CounterHandler, Series {
    private let count = Atomic<Int64>(0)
    let type = "counter"

    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }

    func write(_ name: SeriesName, into text: inout String) {
        text += "\(name.line()) \(count.load(ordering: .relaxed))\n"
    }
}

/// A number that goes up and down.
final class GaugeSeries: MeterHandler, RecorderHandler, Series {
    private let value = Mutex<Double>(0)
    let type = "gauge"

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func write(_ name: SeriesName, into text: inout String) {
        text += "\(name.line()) \(value.withLock { $0 })\n"
    }
}
