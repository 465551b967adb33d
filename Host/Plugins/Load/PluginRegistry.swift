package import HostManifest
package import HostModel
import Synchronization

/// Loads plugins, and knows which ones serve.
package final class PluginRegistry: Sendable {
    private struct State {
        var snapshot: PluginSnapshot?
        /// Those that serve some of the businesses, beside the snapshot.
        var others: [PluginSnapshot] = []
        /// Everything that was ever loaded, in order; code stays mapped, so any of it can serve again at once.
        var entries: [PluginSnapshot.Entry] = []
        var threads: [PluginID: PluginThreads] = [:]
    }

    private let loader: PluginLoader
    private let observer: any Observer
    private let crashes: CrashFile?
    private let generationsMax: Int
    private let onStuck: @Sendable (PluginThreads.Stuck) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - crashes: Where it is noted what is mapped; nil for nowhere.
    ///   - generationsMax: Generations that this process may map.
    ///   - onStuck: Told once for each plugin whose threads don't come back, from a thread that may block.
    package init(
        loader: PluginLoader, observer: any Observer, crashes: CrashFile? = nil,
        generationsMax: Int = GenerationBudget.countMax,
        onStuck: @escaping @Sendable (PluginThreads.Stuck) -> Void = { _ in }
    ) {
        self.loader = loader
        self.observer = observer
        self.crashes = crashes
        self.generationsMax = generationsMax
        self.onStuck = onStuck
    }

    /// The plugins in service for everybody, nil before the first ones are.
    package var snapshot: PluginSnapshot? { state.withLock(\.snapshot) }

    /// Loads what a set of plugins needs, required ones first, and gives them as they would serve together. Nothing
    /// serves differently until the caller puts them into service.
    ///
    /// A plugin that was loaded before, from the same manifest and the same bytes, stays the generation that it is,
    /// also when another one served meanwhile. Blocks for files and the dynamic loader.
    ///
    /// - Parameters:
    ///   - libraries: Where each plugin's library comes from; a manifest without operations needs none.
    ///   - again: Plugins that are loaded anew even if nothing of them changed.
    ///   - beside: Sets that will serve at the same time: what they have already of the same code is taken from them.
    ///   - quarantined: Plugins whose code isn't loaded; their operations are refused.
    package func prepare(
        _ manifests: ManifestSet, libraries: [PluginID: LibrarySource], again: Set<PluginID> = [],
        beside: [PluginSnapshot] = [], quarantined: [PluginID: QuarantineNotice] = [:]
    ) async throws(PluginRefusal) -> PluginSnapshot {
        var entries: [PluginID: PluginSnapshot.Entry] = [:]
        for manifest in manifests.manifests {
            do {
                try check(manifest, after: entries)
                let source = libraries[manifest.id]
                if let notice = quarantined[manifest.id] {
                    entries[manifest.id] = entry(of: manifest, kept: notice)
                } else if let entry = try resident(manifest, source, beside, isNew: again.contains(manifest.id)) {
                    entries[manifest.id] = entry
                } else {
                    entries[manifest.id] = try await load(manifest, library: source)
                }
            } catch {
                observer.observe(.pluginRefused(name: error.plugin, rule: error.rule, detail: error.message))
                throw error
            }
        }
        return PluginSnapshot(manifests: manifests, entries: entries)
    }

    /// Every generation of this process that was ever put into service or prepared, in the order of their loads.
    package var generations: [(generation: PluginGeneration, state: PluginGeneration.State)] {
        state.withLock { $0.entries.map(\.generation) }.map { ($0, $0.state) }
    }

    /// Where this process stands with what it may map.
    package var budget: GenerationBudget {
        GenerationBudget(state.withLock { $0.entries.map(\.generation) }, countMax: generationsMax)
    }

    /// Notes sets of plugins as those in service, in the place of the ones before.
    ///
    /// - Parameter others: Those that serve some of the businesses, beside the one that serves all others.
    /// - Returns: The generations that served until now and don't any more: they drain until ``endDrain(of:at:)``.
    @discardableResult
    package func install(
        _ snapshot: PluginSnapshot, others: [PluginSnapshot] = [], at now: ContinuousClock.Instant = .now
    ) -> [PluginGeneration] {
        let before = state.withLock { state in
            defer { (state.snapshot, state.others) = (snapshot, others) }
            return [state.snapshot].compactMap(\.self) + state.others
        }
        let serving = Self.generations(of: [snapshot])
        let chosen = Self.generations(of: others).filter { serving[$0.key] == nil }
        let left = Self.generations(of: before).filter { serving[$0.key] == nil && chosen[$0.key] == nil }
        for generation in serving.values where generation.state != .serving { generation.enterService() }
        for generation in chosen.values where generation.state != .canary { generation.enterService(for: .some) }
        for generation in left.values { generation.leaveService(at: now) }
        return left.values.sorted { $0.number < $1.number }
    }

    /// Each once, by number.
    private static func generations(of snapshots: [PluginSnapshot]) -> [Int: PluginGeneration] {
        Dictionary(
            snapshots.flatMap(\.all).map { ($0.generation.number, $0.generation) }, uniquingKeysWith: { $1 })
    }

    /// The load of a plugin from this manifest and these bytes that will serve beside this one, or serves, or the
    /// newest one.
    ///
    /// - Parameter isNew: No load of before will do.
    private func resident(
        _ manifest: Manifest, _ source: LibrarySource?, _ beside: [PluginSnapshot], isNew: Bool
    ) throws(PluginRefusal) -> PluginSnapshot.Entry? {
        func isKnown(_ entry: PluginSnapshot.Entry) -> Bool {
            entry.manifest.id == manifest.id && entry.manifest.digest == manifest.digest && entry.quarantine == nil
        }
        let taken = beside.compactMap { $0[manifest.id] }.filter(isKnown)
        let known = isNew ? [] : state.withLock { $0.entries.filter(isKnown) }
        // Most loads are of something new: then the file isn't read twice.
        guard !taken.isEmpty || !known.isEmpty else { return nil }
        let digest = try loader.digest(of: manifest, source)
        if let entry = taken.first(where: { $0.generation.digest == digest }) { return entry }
        let same = known.filter { $0.generation.digest == digest }
        return same.last { $0.generation.state == .serving } ?? same.last
    }

    /// Cuts off what generations have at work still; for when ``DrainPolicy/limit(of:)`` is over. One that serves again
    /// is left alone.
    ///
    /// - Parameter leave: When ``install(_:others:at:)`` took them out of service; one that has left a second time
    ///   since has its time still. Nil for whenever it was.
    package func endDrain(
        of generations: [PluginGeneration], since leave: ContinuousClock.Instant? = nil,
        at now: ContinuousClock.Instant = .now
    ) {
        for generation in generations {
            let cut = generation.endDrain(since: leave, at: now)
            if cut > 0 {
                observer.observe(.pluginForced(generation.plugin, generation: generation.number, operations: cut))
            }
        }
    }

    private func check(
        _ manifest: Manifest, after entries: [PluginID: PluginSnapshot.Entry]
    ) throws(PluginRefusal) {
        for requirement in manifest.requires {
            guard let version = entries[requirement.plugin]?.manifest.version,
                requirement.versions.contains(version)
            else {
                throw PluginRefusal(
                    .requirement, plugin: manifest.id.description,
                    "It requires \(requirement.plugin) \(requirement.versions).")
            }
        }
    }

    private func load(
        _ manifest: Manifest, library source: LibrarySource?
    ) async throws(PluginRefusal) -> PluginSnapshot.Entry {
        if let refusal = budget.refusal(of: manifest.id) { throw refusal }
        let number = state.withLock(\.entries.count) + 1
        let note = LoadNote(manifest: manifest, number: number, crashes: crashes)
        let library = try await library(of: manifest, from: source, note)
        observer.observe(
            .pluginLoaded(manifest.id, version: manifest.version.description, digest: library.digest))
        let threads = threads(of: manifest.id)
        return state.withLock { state in
            let generation = PluginGeneration(
                number: state.entries.count + 1, plugin: manifest.id, version: manifest.version,
                digest: library.digest, image: library.image, phases: library.phases)
            let entry = PluginSnapshot.Entry(
                manifest: manifest, plugin: library.plugin, generation: generation, threads: threads)
            state.entries.append(entry)
            return entry
        }
    }

    /// A plugin in quarantine: its routes without its code. One that was kept before stays the generation that it is.
    private func entry(of manifest: Manifest, kept notice: QuarantineNotice) -> PluginSnapshot.Entry {
        let threads = threads(of: manifest.id)
        return state.withLock { state in
            let known = state.entries.last {
                $0.manifest.id == manifest.id && $0.manifest.digest == manifest.digest && $0.quarantine == notice
            }
            if let known { return known }
            let generation = PluginGeneration(
                number: state.entries.count + 1, plugin: manifest.id, version: manifest.version,
                digest: notice.digest, isQuarantined: true)
            let entry = PluginSnapshot.Entry(
                manifest: manifest, plugin: QuarantinedPlugin(manifest), generation: generation, threads: threads,
                quarantine: notice)
            state.entries.append(entry)
            return entry
        }
    }

    private func threads(of plugin: PluginID) -> PluginThreads {
        state.withLock { state in
            if let threads = state.threads[plugin] { return threads }
            let threads = PluginThreads(of: plugin, onStuck: onStuck)
            state.threads[plugin] = threads
            return threads
        }
    }

    /// What the file gives; of a manifest without operations that comes alone, the manifest itself is the plugin.
    private func library(
        of manifest: Manifest, from source: LibrarySource?, _ note: LoadNote
    ) async throws(PluginRefusal) -> LoadedLibrary {
        if let source { return try await loader.load(manifest, library: source, note: note) }
        guard let plugin = DeclaredPlugin(manifest) else {
            let name = manifest.id.description
            throw PluginRefusal(.missing, plugin: name, "No library is given for \(name), which declares operations.")
        }
        return .declared(plugin, digest: manifest.digest)
    }
}
