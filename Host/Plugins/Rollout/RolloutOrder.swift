import HostManifest
package import HostModel
package import HostStorage

/// What an operator asks of the row of a plugin. Pure: a row and an order give the next row, or the reason why not.
package enum RolloutOrder: Hashable, Sendable {
    /// A version is to serve some businesses, or more or fewer of them. What isn't given stays as it is.
    case roll(PackageVersion, percent: Int?, businesses: [BusinessID]?)
    /// The version that is tried is to serve everybody.
    case promote
    /// Everybody gets what is stable; what was stable before, when nothing is tried.
    case rollBack(reason: String?)
    /// Nothing but a row, as pins need one.
    case settle

    /// Of the businesses, for a version that begins.
    package static let percentDefault = 10

    /// - Parameters:
    ///   - row: Nil before the first order.
    ///   - inUse: The package that serves everybody while there is no row; nil when the plugin isn't one.
    package func row(
        after row: Rollout?, of plugin: PluginID, inUse: PackageVersion?
    ) throws(RolloutOrderProblem) -> Rollout {
        guard let stable = row?.stable ?? inUse else { throw RolloutOrderProblem(.noPackage(plugin)) }
        let present = row ?? Rollout(plugin: plugin, stable: stable)
        switch self {
        case .roll(let candidate, let percent, let businesses):
            return try Self.rolling(candidate, percent, businesses, present)
        case .promote:
            guard let candidate = present.canary else { throw RolloutOrderProblem(.nothingTried(plugin)) }
            return Rollout(
                plugin: plugin, stable: candidate, previous: present.stable, state: .settled, reason: "promoted")
        case .rollBack(let reason): return try Self.back(present, reason ?? "an operator said so")
        case .settle: return present
        }
    }

    private static func rolling(
        _ candidate: PackageVersion, _ percent: Int?, _ businesses: [BusinessID]?, _ row: Rollout
    ) throws(RolloutOrderProblem) -> Rollout {
        if candidate == row.stable { throw RolloutOrderProblem(.servesAlready(row.plugin, candidate)) }
        if let other = row.canary, other != candidate { throw RolloutOrderProblem(.underWay(row.plugin, other)) }
        // Only businesses: then no others by a default.
        let begins = businesses?.isEmpty == false ? 0 : percentDefault
        let percent = percent ?? (row.canary == nil ? begins : row.percent)
        let businesses = businesses ?? (row.canary == nil ? [] : row.businesses)
        guard (0...100).contains(percent) else { throw RolloutOrderProblem(.percent(percent)) }
        guard businesses.count <= Rollout.businessesMax else {
            throw RolloutOrderProblem(.businesses(businesses.count))
        }
        guard percent > 0 || !businesses.isEmpty else { throw RolloutOrderProblem(.nobody(row.plugin)) }
        return Rollout(
            plugin: row.plugin, stable: row.stable, candidate: candidate, previous: row.previous, percent: percent,
            businesses: businesses, state: .rolling)
    }

    private static func back(_ row: Rollout, _ reason: String) throws(RolloutOrderProblem) -> Rollout {
        let reason = String(reason.prefix(Rollout.reasonCharactersMax))
        if let candidate = row.canary {
            return Rollout(
                plugin: row.plugin, stable: row.stable, candidate: candidate, previous: row.previous,
                state: .rolledBack, reason: reason)
        }
        guard let previous = row.previous else { throw RolloutOrderProblem(.nothingBefore(row.plugin)) }
        return Rollout(
            plugin: row.plugin, stable: previous, candidate: row.stable, state: .rolledBack, reason: reason)
    }
}

/// Why an order can't be followed; for people.
package struct RolloutOrderProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        case noPackage(PluginID)
        case servesAlready(PluginID, PackageVersion)
        case underWay(PluginID, PackageVersion)
        case percent(Int)
        case businesses(Int)
        case nobody(PluginID)
        case nothingTried(PluginID)
        case nothingBefore(PluginID)
    }

    package let kind: Kind

    init(_ kind: Kind) { self.kind = kind }

    /// Whether the order makes no sense by itself, whatever serves.
    package var isUsage: Bool {
        switch kind {
        case .percent, .businesses, .nobody: true
        default: false
        }
    }

    package var description: String {
        switch kind {
        case .noPackage(let plugin):
            "\(plugin) serves from no package here, and rollouts are of packages: `thorbis plugin install` one first."
        case .servesAlready(let plugin, let package): "\(plugin) \(package.version) serves everybody already."
        case .underWay(let plugin, let package):
            "\(plugin) \(package.version) is being tried: promote it or roll it back before another version."
        case .percent(let percent): "--percent is \(percent); give 0 to 100."
        case .businesses(let count):
            "\(count) businesses are named, and \(Rollout.businessesMax) may be; use --percent."
        case .nobody(let plugin):
            "with 0 percent and no business nobody would be served by it; to take it back use "
                + "`thorbis plugin rollback \(plugin)`."
        case .nothingTried(let plugin): "no version of \(plugin) is being tried."
        case .nothingBefore(let plugin): "\(plugin) has no version to go back to: nothing was promoted before."
        }
    }
}
