package import HostManifest
package import HostModel
package import PluginAPI

/// The plugins that serve at one moment; never changes, a change is another snapshot.
package struct PluginSnapshot: Sendable {
    /// A plugin in service.
    package struct Entry: Sendable {
        package let manifest: Manifest
        package let plugin: any VerticalPlugin
        package let generation: PluginGeneration
        /// Where its code runs.
        package let threads: PluginThreads
        /// Why its code may not run; nil when it may.
        package let quarantine: QuarantineNotice?
        private let executors: [String: CallExecutor]

        init(
            manifest: Manifest, plugin: any VerticalPlugin, generation: PluginGeneration, threads: PluginThreads,
            quarantine: QuarantineNotice? = nil
        ) {
            self.manifest = manifest
            self.plugin = plugin
            self.generation = generation
            self.threads = threads
            self.quarantine = quarantine
            var executors: [String: CallExecutor] = [:]
            for (place, operation) in manifest.operations.enumerated() {
                executors[operation.name] = CallExecutor(
                    queue: threads.queue, mark: WorkMark(generation: generation, operation: place),
                    patience: operation.limits.timeout + PluginThreads.patience)
            }
            self.executors = executors
        }

        /// Runs one operation's code; nil for a name that the manifest doesn't have.
        func executor(of operation: String) -> CallExecutor? { executors[operation] }
    }

    /// An event's subscriber.
    struct Subscriber: Sendable {
        let plugin: PluginID
        let operation: String
    }

    package let manifests: ManifestSet
    private let entries: [PluginID: Entry]
    private let subscribers: [String: [Subscriber]]
    private let codings: [EntityReference: EntityCoding]

    package init(manifests: ManifestSet, entries: [PluginID: Entry]) {
        self.manifests = manifests
        self.entries = entries
        var subscribers: [String: [Subscriber]] = [:]
        for manifest in manifests.manifests {
            for subscription in manifest.subscriptions {
                subscribers[subscription.event, default: []].append(
                    Subscriber(plugin: manifest.id, operation: subscription.operation))
            }
        }
        self.subscribers = subscribers
        codings = Self.codings(of: manifests)
    }

    private static func codings(of manifests: ManifestSet) -> [EntityReference: EntityCoding] {
        var codings: [EntityReference: EntityCoding] = [:]
        for manifest in manifests.manifests {
            for entity in manifest.entities {
                let reference = EntityReference(plugin: manifest.id, name: entity.name)
                codings[reference] = EntityCoding(reference, entity)
            }
        }
        return codings
    }

    package subscript(plugin: PluginID) -> Entry? { entries[plugin] }

    /// In the order of the manifests.
    package var all: [Entry] { manifests.manifests.compactMap { entries[$0.id] } }

    /// Who runs when a qualified event (`core.invoice.paid`) is published, in the order of the manifests.
    func subscribers(of event: String) -> [Subscriber] { subscribers[event] ?? [] }

    /// How records of an entity cross to plugins; nil when no plugin has it.
    func coding(of entity: EntityReference) -> EntityCoding? { codings[entity] }
}
