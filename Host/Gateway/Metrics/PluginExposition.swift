package import HostPlugins

/// The series of plugins in `/metrics`, read from their generations when they are asked for. Pure.
///
/// Only generations that have work to do are shown, so the series are few and a retired generation's end with it;
/// `thorbis_plugin_generations` goes on counting it.
package enum PluginExposition {
    package typealias Generations = [(generation: PluginGeneration, state: PluginGeneration.State)]

    /// Powers of two of microseconds, from a quarter of a millisecond to 17 seconds: where the histogram's bounds are.
    private static let powers = 8...24

    /// The lines of the text exposition format.
    package static func text(of generations: Generations) -> String {
        let atWork: Set<PluginGeneration.State> = [.serving, .canary, .draining]
        let shown = generations.filter { atWork.contains($0.state) }.map { Reading($0.generation) }
        var text = resident(generations) + drains(generations)
        text += family("thorbis_plugin_calls_total", "counter", shown) { reading in
            let window = reading.window
            let done = window.calls - window.refused - window.failed
            return [("done", done), ("refused", window.refused), ("failed", window.failed)].map { outcome, count in
                reading.line("thorbis_plugin_calls_total", "outcome=\"\(outcome)\"", "\(count)")
            }
        }
        text += family("thorbis_plugin_call_duration_seconds", "histogram", shown, histogram)
        for (name, type, value) in numbers {
            text += family(name, type, shown) { [$0.line(name, nil, value($0))] }
        }
        return text
            + family("thorbis_plugin_load_seconds", "gauge", shown) { reading in
                let phases = reading.generation.phases
                let named = [("verify", phases.verifying), ("probe", phases.probing), ("map", phases.mapping)]
                return named.map {
                    reading.line("thorbis_plugin_load_seconds", "phase=\"\($0.0)\"", seconds($0.1))
                }
            }
    }

    /// A generation with what went through it, read once so that its lines fit each other.
    private struct Reading {
        let generation: PluginGeneration
        let window: PluginWindow
        private let labels: String

        init(_ generation: PluginGeneration) {
            self.generation = generation
            window = generation.window
            labels = "plugin=\"\(generation.plugin)\",generation=\"\(generation.number)\""
        }

        func line(_ name: String, _ label: String?, _ value: String) -> String {
            "\(name){\(labels)\(label.map { ",\($0)" } ?? "")} \(value)\n"
        }
    }

    private static let numbers: [(name: String, type: String, value: @Sendable (Reading) -> String)] = [
        ("thorbis_plugin_faults_total", "counter", { "\($0.window.faults)" }),
        ("thorbis_plugin_denials_total", "counter", { "\($0.window.denials)" }),
        ("thorbis_plugin_store_seconds_total", "counter", { seconds($0.window.storeTime) }),
        ("thorbis_plugin_in_flight", "gauge", { "\($0.generation.inFlight)" }),
        ("thorbis_plugin_mapped_bytes", "gauge", { "\($0.generation.image.bytes)" }),
        ("thorbis_plugin_held_bytes", "gauge", { "\($0.generation.image.heldBytes)" }),
    ]

    private static func histogram(_ reading: Reading) -> [String] {
        let name = "thorbis_plugin_call_duration_seconds"
        let latencies = reading.window.latencies
        let buckets = powers.map { power in
            let bound = Double(1 << power) / 1_000_000
            return reading.line(name + "_bucket", "le=\"\(bound)\"", "\(latencies.count(belowPower: power))")
        }
        return buckets + [
            reading.line(name + "_bucket", "le=\"+Inf\"", "\(latencies.count)"),
            reading.line(name + "_sum", nil, seconds(reading.window.callTime)),
            reading.line(name + "_count", nil, "\(latencies.count)"),
        ]
    }

    /// How many generations of each plugin are mapped, by what they do.
    private static func resident(_ generations: Generations) -> String {
        var counts: [String: Int] = [:]
        for (generation, state) in generations {
            counts["plugin=\"\(generation.plugin)\",state=\"\(state.rawValue)\"", default: 0] += 1
        }
        let name = "thorbis_plugin_generations"
        return counts.sorted { $0.key < $1.key }.reduce(into: "# TYPE \(name) gauge\n") { text, count in
            text += "\(name){\(count.key)} \(count.value)\n"
        }
    }

    /// How the generations of each plugin went out of service.
    private static func drains(_ generations: Generations) -> String {
        var counts: [String: Int] = [:]
        var times: [String: Duration] = [:]
        for (generation, _) in generations {
            guard let drain = generation.drain else { continue }
            let plugin = "plugin=\"\(generation.plugin)\""
            counts["\(plugin),outcome=\"\(drain.wasForced ? "forced" : "finished")\"", default: 0] += 1
            times[plugin, default: .zero] += drain.duration
        }
        return lines("thorbis_plugin_drains_total", counts.mapValues { "\($0)" })
            + lines("thorbis_plugin_drain_seconds_total", times.mapValues(seconds))
    }

    private static func lines(_ name: String, _ values: [String: String]) -> String {
        guard !values.isEmpty else { return "" }
        return values.sorted { $0.key < $1.key }.reduce(into: "# TYPE \(name) counter\n") { text, value in
            text += "\(name){\(value.key)} \(value.value)\n"
        }
    }

    private static func family(
        _ name: String, _ type: String, _ readings: [Reading], _ lines: (Reading) -> [String]
    ) -> String {
        guard !readings.isEmpty else { return "" }
        return "# TYPE \(name) \(type)\n" + readings.flatMap(lines).joined()
    }

    private static func seconds(_ duration: Duration) -> String { "\(duration / .seconds(1))" }
}
