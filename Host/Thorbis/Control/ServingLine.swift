import HostManifest
import HostModel
import HostPlugins

/// A generation as a host tells of it over the control socket, and as the commands print that.
enum ServingLine {
    static func json(_ generation: PluginGeneration, _ state: PluginGeneration.State) -> JSONValue {
        let window = generation.window
        let phases = generation.phases
        return [
            "plugin": .string(generation.plugin.description), "state": .string(state.rawValue),
            "version": .string(generation.version.description), "generation": .int(Int64(generation.number)),
            "digest": .string(generation.digest), "in_flight": .int(Int64(generation.inFlight)),
            "calls": .int(Int64(window.calls)), "refused": .int(Int64(window.refused)),
            "failed": .int(Int64(window.failed)), "faults": .int(Int64(window.faults)),
            "denials": .int(Int64(window.denials)), "store_microseconds": microseconds(window.storeTime),
            "p50_microseconds": microseconds(window.p50), "p95_microseconds": microseconds(window.p95),
            "p99_microseconds": microseconds(window.p99), "mapped_bytes": .int(Int64(generation.image.bytes)),
            "held_bytes": .int(Int64(generation.image.heldBytes)),
            "drain_microseconds": microseconds(generation.drain?.duration),
            "load_microseconds": [
                "verifying": microseconds(phases.verifying), "probing": microseconds(phases.probing),
                "mapping": microseconds(phases.mapping),
            ],
        ]
    }

    /// `hs 1.0.0 serves, generation 2, digest 0a1b2c3d4e5f, 12 calls, 0 faults, 0 in flight, p95 3.1 ms, 0.7 MB, …`
    static func text(_ plugin: JSONValue) -> String {
        let digest = plugin["digest"]?.string?.prefix(12) ?? ""
        func count(_ name: String) -> Int64 { plugin[name]?.int ?? 0 }
        var parts = [
            "\(plugin["plugin"]?.string ?? "") \(plugin["version"]?.string ?? "") \(verb(plugin))",
            "generation \(count("generation"))", "digest \(digest)", "\(count("calls")) calls",
            "\(count("faults")) faults", "\(count("in_flight")) in flight",
        ]
        if let p95 = plugin["p95_microseconds"]?.int { parts.append("p95 \(milliseconds(p95))") }
        let held = count("held_bytes")
        if held > 0 { parts.append("\(Double(held * 10 / 1_048_576) / 10) MB") }
        return (parts + loading(plugin)).joined(separator: ", ")
    }

    /// A number of microseconds, to a tenth of a millisecond.
    static func milliseconds(_ microseconds: Int64) -> String { "\(Double(microseconds / 100) / 10) ms" }

    /// How long the load took, in its parts; nothing for a plugin without code.
    private static func loading(_ plugin: JSONValue) -> [String] {
        let parts = [("verifying", "verified"), ("probing", "probed"), ("mapping", "mapped")]
        let taken = parts.compactMap { name, word in
            plugin["load_microseconds"]?[name]?.int.map { (word, $0) }
        }
        guard taken.contains(where: { $0.1 > 0 }) else { return [] }
        return taken.map { "\($0.0) in \(milliseconds($0.1))" }
    }

    private static func verb(_ plugin: JSONValue) -> String {
        let state = plugin["state"]?.string ?? ""
        return switch state {
        case "serving": "serves"
        case "canary": "serves some businesses"
        case "forced": "is retired by force"
        default: "is \(state)"
        }
    }

    private static func microseconds(_ duration: Duration?) -> JSONValue {
        duration.map { .int(Int64($0 / .microseconds(1))) } ?? .null
    }
}
