package import Foundation
package import HostModel

/// A host process of any node that follows the rows of a database.
package struct RolloutHost: Hashable, Sendable {
    package let id: UUID
    /// The machine and the data folder, for people: `web-1:/var/lib/thorbis`.
    package let node: String
    package let pid: Int32
    /// Since its last sign of life.
    package let age: Duration

    /// How often a host gives a sign of life.
    package static let beat: Duration = .seconds(2)
    /// A host without a sign of life for so long is gone.
    package static let ageMax: Duration = .seconds(15)
    package static let nodeCharactersMax = 200

    package init(id: UUID, node: String, pid: Int32, age: Duration = .zero) {
        self.id = id
        self.node = String(node.prefix(Self.nodeCharactersMax))
        self.pid = pid
        self.age = age
    }

    package var isGone: Bool { age >= Self.ageMax }
}

/// What a host made of the row of a plugin.
package struct RolloutAcknowledgement: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable {
        /// It serves what the revision asks for.
        case serves
        /// It can't, and goes on with what it served.
        case refused
    }

    package let host: UUID
    package let plugin: PluginID
    package let revision: Int64
    package let outcome: Outcome
    /// Why it refused, for people.
    package let detail: String

    package static let detailCharactersMax = 2_000

    package init(host: UUID, plugin: PluginID, revision: Int64, outcome: Outcome, detail: String = "") {
        self.host = host
        self.plugin = plugin
        self.revision = revision
        self.outcome = outcome
        self.detail = String(detail.prefix(Self.detailCharactersMax))
    }
}

/// What went through one version of a plugin on one host, since both versions of the rollout serve side by side there.
package struct RolloutFigures: Hashable, Sendable {
    package let host: UUID
    package let plugin: PluginID
    /// Of the row, when they were written.
    package let revision: Int64
    /// Of the package, as the row names it: the stable one's or the candidate's.
    package let digest: String
    /// Operations that ended.
    package let calls: Int64
    /// What the plugin itself did wrong.
    package let faults: Int64
    /// How many operations took how long, in the buckets of `LatencyCounts`.
    package let buckets: [Int64]
    /// Deaths of hosts of this node that were put down to this version's code. Hosts of one node say the same.
    package let crashes: Int

    package init(
        host: UUID, plugin: PluginID, revision: Int64, digest: String, calls: Int64, faults: Int64, buckets: [Int64],
        crashes: Int
    ) {
        self.host = host
        self.plugin = plugin
        self.revision = revision
        self.digest = digest
        self.calls = calls
        self.faults = faults
        self.buckets = buckets
        self.crashes = crashes
    }
}

/// What is wanted, and what became of it on every host.
package struct RolloutOverview: Hashable, Sendable {
    package let desired: DesiredPlugins
    /// By node and process; gone ones among them until they are cleared away.
    package let hosts: [RolloutHost]
    package let acknowledgements: [RolloutAcknowledgement]
    package let figures: [RolloutFigures]

    package init(
        desired: DesiredPlugins, hosts: [RolloutHost], acknowledgements: [RolloutAcknowledgement],
        figures: [RolloutFigures]
    ) {
        self.desired = desired
        self.hosts = hosts
        self.acknowledgements = acknowledgements
        self.figures = figures
    }
}
