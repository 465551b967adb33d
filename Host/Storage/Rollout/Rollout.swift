package import HostManifest
package import HostModel

/// One package of a plugin: the version says which, the digest that it is the same one everywhere.
package struct PackageVersion: Hashable, Sendable {
    package let version: SemanticVersion
    /// SHA-256 of the package's index, lower-case hexadecimal.
    package let digest: String

    package init(version: SemanticVersion, digest: String) {
        self.version = version
        self.digest = digest
    }
}

/// What all hosts of a database are to serve of one plugin: the row that they follow.
package struct Rollout: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        /// One version serves everybody, but for pins.
        case settled
        /// The candidate serves some.
        case rolling
        /// The candidate was taken back; the reason says why.
        case rolledBack = "rolled_back"
    }

    package let plugin: PluginID
    package let stable: PackageVersion
    /// Serves while the state is `rolling`; kept afterwards for whoever asks what happened.
    package let candidate: PackageVersion?
    /// What was stable before, to go back to.
    package let previous: PackageVersion?
    /// Of the businesses, 0 to 100.
    package let percent: Int
    /// Served by the candidate whatever the percentage says.
    package let businesses: [BusinessID]
    /// Counts every change of the row, and of the plugin's pins; the database does.
    package let revision: Int64
    package let state: State
    /// Why it is as it is, for people.
    package let reason: String
    /// RFC 3339.
    package let changedAt: String

    /// Who is given to the candidate by name: more belong into a percentage.
    package static let businessesMax = 1_000
    package static let reasonCharactersMax = 2_000

    /// The version that some businesses get now; nil when all get the stable one.
    package var canary: PackageVersion? { state == .rolling ? candidate : nil }

    package init(
        plugin: PluginID, stable: PackageVersion, candidate: PackageVersion? = nil, previous: PackageVersion? = nil,
        percent: Int = 0, businesses: [BusinessID] = [], revision: Int64 = 1, state: State = .settled,
        reason: String = "", changedAt: String = ""
    ) {
        self.plugin = plugin
        self.stable = stable
        self.candidate = candidate
        self.previous = previous
        self.percent = percent
        self.businesses = businesses
        self.revision = revision
        self.state = state
        self.reason = reason
        self.changedAt = changedAt
    }
}

/// A business that gets one version of a plugin, whatever all others get.
package struct PluginPin: Hashable, Sendable {
    package let business: BusinessID
    package let plugin: PluginID
    package let package: PackageVersion

    /// Of one plugin.
    package static let countMax = 1_000

    package init(business: BusinessID, plugin: PluginID, package: PackageVersion) {
        self.business = business
        self.plugin = plugin
        self.package = package
    }
}

/// Everything that is wanted at one moment; plugins without a row are each node's own affair.
package struct DesiredPlugins: Hashable, Sendable {
    /// By plugin.
    package var rollouts: [Rollout]
    package var pins: [PluginPin]

    package static let nothing = DesiredPlugins(rollouts: [], pins: [])

    package init(rollouts: [Rollout], pins: [PluginPin]) {
        self.rollouts = rollouts
        self.pins = pins
    }

    package subscript(plugin: PluginID) -> Rollout? { rollouts.first { $0.plugin == plugin } }
}
