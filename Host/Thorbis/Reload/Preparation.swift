import HostManifest
import HostPlugins
import HostSupervisor

extension ServingPlugins {
    /// What a host would serve after the swap, beside what it serves now.
    struct Preparation {
        let manifests: ManifestSet
        /// Plugins that become others; none when no code does, for then there is nothing to watch.
        let changes: [ReloadRecord.Change]
        /// Why the code of before can't serve once the tables are migrated, for people; nil when it can.
        let obstacle: String?

        init(_ next: PluginSnapshot, after before: PluginSnapshot) {
            manifests = next.manifests
            let replaced = next.all.compactMap { entry -> (PluginSnapshot.Entry, PluginSnapshot.Entry)? in
                guard let earlier = before[entry.manifest.id], earlier.quarantine == nil, entry.quarantine == nil,
                    earlier.generation.digest != entry.generation.digest
                else { return nil }
                return (entry, earlier)
            }
            let isWatched = !GenerationWatch(next, after: before).isEmpty
            changes = isWatched ? replaced.map { ReloadRecord.Change($0.generation, after: $1.generation) } : []
            let renames = replaced.flatMap { entry, earlier in
                entry.manifest.renames(since: earlier.manifest).map { "\(entry.manifest.id) renames \($0)" }
            }
            obstacle = renames.isEmpty ? nil : renames.joined(separator: ", ")
        }
    }
}

extension ReloadRecord.Change {
    fileprivate init(_ generation: PluginGeneration, after earlier: PluginGeneration) {
        self.init(
            plugin: generation.plugin, version: generation.version.description, digest: generation.digest,
            replacedVersion: earlier.version.description, replacedDigest: earlier.digest)
    }
}
