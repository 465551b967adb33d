import Foundation
package import HostModel

/// Looks into every death of a host: keeps a tombstone, says who it was, and takes code that keeps crashing out of
/// service.
package actor CrashDesk {
    private let folder: CrashFolder
    private let say: @Sendable (String) -> Void
    private let tellHosts: @Sendable () async -> Void
    private let takeBack: @Sendable (Tombstone) async -> String?

    /// - Parameters:
    ///   - say: Takes a line for people.
    ///   - tellHosts: Has the hosts that run obey the quarantine as it is now.
    ///   - takeBack: Puts the version of before back into service when the blamed code came by a reload that is still
    ///     watched, and says so; nil when it didn't, and the rule decides.
    package init(
        folder: CrashFolder, say: @escaping @Sendable (String) -> Void,
        tellHosts: @escaping @Sendable () async -> Void,
        takeBack: @escaping @Sendable (Tombstone) async -> String? = { _ in nil }
    ) {
        self.folder = folder
        self.say = say
        self.tellHosts = tellHosts
        self.takeBack = takeBack
    }

    /// Called after each death of a host that nobody asked for, before the next one starts: it must not load the code
    /// that was just taken out.
    ///
    /// - Returns: Whether it counts against code of a plugin, which is taken out before it has done so often.
    @discardableResult
    package func died(_ death: HostDeath) async -> Bool {
        let report = folder.take(death.pid) ?? CrashReport([])
        guard let tombstone = Tombstone(death, report) else { return false }
        do {
            try await bury(tombstone)
            return tombstone.blame != nil
        } catch {
            say("\(tombstone.sentence); it can't be written down: \(error)")
            return false
        }
    }

    /// Looks into hosts that died when nobody watched them.
    ///
    /// - Parameter isRunning: Whether a process of that number is a host.
    package func sweep(at now: Timestamp, isRunning: (Int32) -> Bool) async {
        for pid in folder.pids() where !isRunning(pid) {
            guard let report = folder.take(pid), let record = report.record else { continue }
            let isStuck = record.kind == .stuck
            let death = HostDeath(
                host: HostIdentity(pid: pid, slot: 0, generation: 0),
                ending: isStuck ? .exited(code: HostExit.recycled) : .signalled(record.signal),
                wasReady: report.isReady, at: Timestamp(microseconds: record.seconds * 1_000_000))
            guard let tombstone = Tombstone(death, report) else { continue }
            do {
                try await bury(tombstone)
            } catch {
                say("\(tombstone.sentence); it can't be written down: \(error)")
            }
        }
    }

    private func bury(_ tombstone: Tombstone) async throws {
        // Whoever else looks into a death of the same plugin now must see this one, and nobody's entry may be lost.
        let earlier = try folder.locked {
            let earlier = folder.tombstones()
            try folder.add(tombstone)
            return earlier
        }
        if tombstone.blame != nil, let told = await takeBack(tombstone) { return say("\(tombstone.sentence); \(told)") }
        switch try folder.locked({ try judge(tombstone, after: earlier) }) {
        case .unattributed: say("\(tombstone.sentence); no plugin is blamed")
        case .counted(let count):
            say("\(tombstone.sentence); \(count) of \(CrashRule.crashesMax) before quarantine")
        case .quarantine(let reason):
            guard let blame = tombstone.blame else { return }
            say("\(tombstone.sentence); \(blame.plugin) \(blame.version) is quarantined: \(reason)")
            await tellHosts()
        }
    }

    private func judge(_ tombstone: Tombstone, after earlier: [Tombstone]) throws -> CrashRule.Verdict {
        var list = try folder.quarantine()
        let release = tombstone.blame.flatMap { list.releases[$0.digest] }
        let verdict = CrashRule.verdict(on: tombstone, after: earlier, release: release)
        guard case .quarantine(let reason) = verdict, let blame = tombstone.blame, let plugin = PluginID(blame.plugin)
        else { return verdict }
        list.add(
            .init(plugin: plugin, version: blame.version, digest: blame.digest, reason: reason, since: tombstone.at))
        try folder.write(list)
        return verdict
    }
}
