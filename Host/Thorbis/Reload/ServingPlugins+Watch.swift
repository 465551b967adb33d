import HostModel
import HostPlugins
import Synchronization

/// The watch after a reload: this host compares what is new with what it replaced, and has the reload taken back on all
/// hosts of the installation when the gate fails here.
extension ServingPlugins {
    /// A reload that may be taken back.
    struct Watched {
        let ticket: String
        let before: ServingSets
        let end: ContinuousClock.Instant
        /// Between two looks.
        let step: Duration
        /// Of what the reload brought.
        let plugins: [GenerationWatch.Finding]
    }

    /// Looks in a whole watch, and the longest pause between two.
    private static let looks = 60
    private static let stepMax: Duration = .seconds(1)

    /// Begins the watch, in a task of its own because the reload is done. It ends at its end, or when something else is
    /// put into service.
    func watch(_ ticket: String, after before: ServingSets, for length: Duration) {
        var generations = GenerationWatch(sets.stable.plugins, after: before.stable.plugins)
        guard length > .zero, !generations.isEmpty else { return }
        let step = min(Self.stepMax, length / Self.looks)
        watched = Watched(
            ticket: ticket, before: before, end: .now + length, step: step, plugins: generations.findings())
        Task { [generations] in await look(at: generations, ticket, every: step) }
    }

    private func look(at generations: GenerationWatch, _ ticket: String, every step: Duration) async {
        var generations = generations
        while let watched, watched.ticket == ticket {
            let findings = generations.findings()
            if let finding = findings.first(where: \.isFailure) {
                if await takeBack(watched, for: finding) { return }
            } else if ContinuousClock.now >= watched.end {
                self.watched = nil
                askForRoom()
                return tell(.passed, findings)
            }
            try? await Task.sleep(for: step)
        }
    }

    /// - Returns: False when another command is at work, so that it is to be tried again.
    private func takeBack(_ watched: Watched, for finding: GenerationWatch.Finding) async -> Bool {
        let installation = ReloadTakeBack(settings: maker.settings)
        let outcome = installation.write(watched.ticket, culprit: finding.plugin, reason: finding.verdict.numbers)
        switch outcome {
        case .busy: return false
        case .over: self.watched = nil
        case .impossible(let why):
            self.watched = nil
            observer.observe(
                .pluginWatched(
                    finding.plugin, version: finding.version, .kept, detail: "\(finding.verdict.numbers); \(why)"))
        case .written:
            putBack(watched)
            tell(.takenBack, [finding])
            await installation.tellHosts(watched.ticket)
        }
        return true
    }

    /// Takes a reload back here, because another host or the supervisor said so.
    ///
    /// A host that has nothing to go back to, since it started after the reload, reads the installation again, where
    /// it stands by now what is to serve.
    func takeBack(_ ticket: String) async throws {
        if takenBack == ticket { return }
        guard let watched, watched.ticket == ticket else {
            _ = try await reload(again: [])
            return
        }
        putBack(watched)
        for finding in watched.plugins {
            observer.observe(
                .pluginWatched(
                    finding.plugin, version: finding.version, .takenBack, detail: "another host or its end said so"))
        }
    }

    private func putBack(_ watched: Watched) {
        put(watched.before)
        takenBack = watched.ticket
    }

    private func tell(_ outcome: Observation.WatchOutcome, _ findings: [GenerationWatch.Finding]) {
        for finding in findings {
            observer.observe(
                .pluginWatched(finding.plugin, version: finding.version, outcome, detail: finding.verdict.numbers))
        }
    }
}

extension GenerationWatch.Finding {
    fileprivate var isFailure: Bool {
        if case .fail = verdict { true } else { false }
    }
}
