import Metrics
import Synchronization

/// How often a number fell under each bound.
final class HistogramSeries: TimerHandler, RecorderHandler, Series {
    /// What is measured, and where the bounds stand.
    enum Kind: Sendable {
        /// Seconds.
        case latencies
        /// Plain numbers, such as bytes.
        case sizes

        var bounds: [Double] {
            switch self {
            case .latencies: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
            case .sizes: [64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576]
            }
        }
    }

    private struct State {
        var counts: [Int]
        var sum = 0.0
    }

    let type = "histogram"
    private let bounds: [Double]
    private let state: Mutex<State>

    init(_ kind: Kind) {
        bounds = kind.bounds
        state = Mutex(State(counts: Array(repeating: 0, count: kind.bounds.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let position = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[position] += 1
            state.sum += value
        }
    }

    func write(_ name: SeriesName, into text: inout String) {
        let state = state.withLock { $0 }
        var total = 0
        for (bound, count) in zip(bounds, state.counts) {
            total += count
            text += "\(name.line(suffix: "_bucket", label: "le=\"\(bound)\"")) \(total)\n"
        }
        total += state.counts[bounds.count]
        text += "\(name.line(suffix: "_bucket", label: "le=\"+Inf\"")) \(total)\n"
        text += "\(name.line(suffix: "_sum")) \(state.sum)\n\(name.line(suffix: "_count")) \(total)\n"
    }
}
