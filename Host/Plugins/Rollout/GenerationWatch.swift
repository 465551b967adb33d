import HostManifest
package import HostModel

/// Compares the generations that a reload brought with those that they replaced, on this host.
package struct GenerationWatch: Sendable {
    private struct Pair {
        let candidate: PluginGeneration
        let stable: PluginGeneration
        var reading: WarmReading
        /// Of the stable one, as it was when it was replaced.
        let stood: GenerationFigures
    }

    /// What a plugin's gate says.
    package struct Finding: Hashable, Sendable {
        package let plugin: PluginID
        package let version: String
        package let verdict: RolloutGate.Verdict
    }

    private var pairs: [Pair]

    /// - Parameters:
    ///   - candidates: What serves now.
    ///   - before: What served until now.
    package init(_ candidates: PluginSnapshot, after before: PluginSnapshot) {
        pairs = Self.replaced(candidates, after: before).map { candidate, stable in
            let window = stable.window
            // It may have served before, and was replaced by the one that goes now.
            return Pair(
                candidate: candidate, stable: stable, reading: WarmReading(since: candidate.window),
                stood: GenerationFigures(calls: window.calls, faults: window.faults, latencies: window.latencies))
        }
    }

    /// Whose code became another one: there is nothing to compare of a plugin that is new, that is its manifest alone,
    /// or that was loaded anew from the same bytes.
    package static func replaced(
        _ candidates: PluginSnapshot, after before: PluginSnapshot
    ) -> [(candidate: PluginGeneration, stable: PluginGeneration)] {
        candidates.all.compactMap { entry in
            guard !entry.manifest.operations.isEmpty, entry.quarantine == nil,
                let earlier = before[entry.manifest.id], earlier.quarantine == nil,
                earlier.generation.digest != entry.generation.digest
            else { return nil }
            return (entry.generation, earlier.generation)
        }
    }

    package var isEmpty: Bool { pairs.isEmpty }

    /// What the gates say of everything that went through the new generations until now.
    package mutating func findings() -> [Finding] {
        pairs.indices.map { index in
            let figures = pairs[index].reading.figures(of: pairs[index].candidate.window)
            let pair = pairs[index]
            return Finding(
                plugin: pair.candidate.plugin, version: pair.candidate.version.description,
                verdict: RolloutGate.verdict(
                    candidate: .init(pair.candidate.version.description, figures),
                    stable: .init(Self.name(of: pair.stable, beside: pair.candidate), pair.stood)))
        }
    }

    private static func name(of stable: PluginGeneration, beside candidate: PluginGeneration) -> String {
        stable.version == candidate.version ? "generation \(stable.number)" : stable.version.description
    }
}
