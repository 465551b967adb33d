package import Metrics
import Synchronization

/// Keeps every metric of the process for `/metrics`; the factory behind swift-metrics, so that packages' own metrics
/// come along.
///
/// Bounded: above `seriesMax` new series count into one that isn't shown, and `thorbis_metric_series_dropped` tells
/// how many. Label values must come from small sets; the bound is for mistakes.
package final class PrometheusFactory: MetricsFactory {
    private struct State {
        var series: [SeriesName: any Series] = [:]
        var dropped = 0
        var sources: [@Sendable () -> String] = []
    }

    private let state = Mutex(State())
    private let seriesMax: Int
    private let overflow = CounterSeries()

    package init(seriesMax: Int = 4_000) {
        self.seriesMax = seriesMax
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions) { CounterSeries() } ?? overflow
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return series(label, dimensions) { GaugeSeries() } ?? GaugeSeries() }
        return series(label, dimensions) { HistogramSeries(.sizes) } ?? HistogramSeries(.sizes)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions) { GaugeSeries() } ?? GaugeSeries()
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions) { HistogramSeries(.latencies) } ?? HistogramSeries(.latencies)
    }

    /// Series live as long as the process: a counter that vanished would look like a restart.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    /// Adds series that are read when they are asked for, and that may end; whoever adds them bounds them.
    ///
    /// - Parameter source: Whole lines of the text exposition format, of names that nobody else uses.
    package func include(_ source: @escaping @Sendable () -> String) {
        state.withLock { $0.sources.append(source) }
    }

    /// The text exposition format, version 0.0.4.
    package func exposition() -> String {
        let (series, dropped, sources) = state.withLock { ($0.series, $0.dropped, $0.sources) }
        var text = ""
        var typed: Set<String> = []
        for (name, series) in series.sorted(by: { $0.key < $1.key }) {
            if typed.insert(name.name).inserted { text += "# TYPE \(name.name) \(series.type)\n" }
            series.write(name, into: &text)
        }
        for source in sources { text += source() }
        return text + "# TYPE thorbis_metric_series_dropped gauge\nthorbis_metric_series_dropped \(dropped)\n"
    }

    /// The series of a name, made when it is the first; nil when there are too many, or it is one of another kind.
    private func series<Kind: Series>(
        _ label: String, _ dimensions: [(String, String)], make: () -> Kind
    ) -> Kind? {
        let name = SeriesName(label, dimensions)
        return state.withLock { state in
            if let known = state.series[name] { return known as? Kind }
            guard state.series.count < seriesMax else {
                state.dropped += 1
                return nil
            }
            let made = make()
            state.series[name] = made
            return made
        }
    }
}
