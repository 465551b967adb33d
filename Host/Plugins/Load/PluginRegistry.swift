package import HostManifest
package import HostModel
import Synchronization

/// Loads plugins, and knows which ones serve.
package final class PluginRegistry: Sendable {
    private struct State {
        var snapshot: PluginSnapshot?
        var generations: [PluginGeneration] = []
        var threads: [PluginID: PluginThreads] = [:]
    }

    private let loader: PluginLoader
    private let observer: any Observer
    private let crashes: CrashFile?
    private let onStuck: @Sendable (PluginThreads.Stuck) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - crashes: Where it is noted what is mapped; nil for nowhere.
    ///   - onStuck: Told once for each plugin whose threads don't come back, from a thread that may block.
    package init(
        loader: PluginLoader, observer: any Observer, crashes: CrashFile? = nil,
        onStuck: @escaping @Sendable (PluginThreads.Stuck) -> Void = { _ in }
    ) {
        self.loader = loader
        self.observer = observer
        self.crashes = crashes
        self.onStuck = onStuck
    }

    /// The plugins in service, nil before the first ones are.
    package var snapshot: PluginSnapshot? { state.withLock(\.snapshot) }

    /// Loads what a set of plugins needs, required ones first, and gives them as they would serve together. Nothing
    /// serves differently until the caller puts them into service.
    ///
    /// A plugin that serves already, from the same manifest and the same bytes, stays the generation that it is.
    /// Blocks for files and the dynamic loader.
    ///
    /// - Parameters:
    ///   - libraries: Where each plugin's library comes from; a manifest without operations needs none.
    ///   - again: Plugins that are loaded anew even if nothing of them changed.
    ///   - quarantined: Plugins whose code isn't loaded; their operations are refused.
    package func prepare(
        _ manifests: ManifestSet, libraries: [PluginID: LibrarySource], again: Set<PluginID> = [],
        quarantined: [PluginID: QuarantineNotice] = [:]
    ) async throws(PluginRefusal) -> PluginSnapshot {
        let serving = snapshot
        var entries: [PluginID: PluginSnapshot.Entry] = [:]
        for manifest in manifests.manifests {
            do {
                try check(manifest, after: entries)
                let source = libraries[manifest.id]
                if let notice = quarantined[manifest.id] {
                    entries[manifest.id] = entry(of: manifest, kept: notice, serving?[manifest.id])
                } else if !again.contains(manifest.id), let entry = serving?[manifest.id],
                    entry.quarantine == nil, try loader.isSame(entry, as: manifest, source)
                {
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
        state.withLock(\.generations).map { ($0, $0.state) }
    }

    /// Where this process stands with what it may map.
    package var budget: GenerationBudget { GenerationBudget(state.withLock(\.generations)) }

    /// Notes a set of plugins as those in service, in the place of the one before.
    ///
    /// - Returns: The generations that served until now and don't any more: they drain until ``endDrain(of:at:)``.
    @discardableResult
    package func install(
        _ snapshot: PluginSnapshot, at now: ContinuousClock.Instant = .now
    ) -> [PluginGeneration] {
        let before = state.withLock { state in
            defer { state.snapshot = snapshot }
            return state.snapshot?.all.map(\.generation) ?? []
        }
        let serving = snapshot.all.map(\.generation)
        let left = before.filter { generation in !serving.contains { $0 === generation } }
        for generation in serving where generation.state != .serving { generation.enterService() }
        for generation in left { generation.leaveService(at: now) }
        return left
    }

    /// Cuts off what generations have at work still; for when ``DrainPolicy/limit(of:)`` is over. One that serves again
    /// is left alone.
    package func endDrain(of generations: [PluginGeneration], at now: ContinuousClock.Instant = .now) {
        for generation in generations {
            let cut = generation.endDrain(at: now)
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
        let number = state.withLock(\.generations.count) + 1
        let note = LoadNote(manifest: manifest, number: number, crashes: crashes)
        let library = try await library(of: manifest, from: source, note)
        observer.observe(
            .pluginLoaded(manifest.id, version: manifest.version.description, digest: library.digest))
        let generation = state.withLock { state in
            let generation = PluginGeneration(
                number: state.generations.count + 1, plugin: manifest.id, version: manifest.version,
                digest: library.digest, image: library.image, phases: library.phases)
            state.generations.append(generation)
            return generation
        }
        return PluginSnapshot.Entry(
            manifest: manifest, plugin: library.plugin, generation: generation, threads: threads(of: manifest.id))
    }

    /// A plugin in quarantine: its routes without its code. One that is kept already stays the generation that it is.
    private func entry(
        of manifest: Manifest, kept notice: QuarantineNotice, _ serving: PluginSnapshot.Entry?
    ) -> PluginSnapshot.Entry {
        if let serving, serving.quarantine == notice, serving.manifest.digest == manifest.digest { return serving }
        let generation = state.withLock { state in
            let generation = PluginGeneration(
                number: state.generations.count + 1, plugin: manifest.id, version: manifest.version,
                digest: notice.digest, isQuarantined: true)
            state.generations.append(generation)
            return generation
        }
        return PluginSnapshot.Entry(
            manifest: manifest, plugin: QuarantinedPlugin(manifest), generation: generation,
            threads: threads(of: manifest.id), quarantine: notice)
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
