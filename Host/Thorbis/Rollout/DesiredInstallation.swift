import Foundation
import HostManifest
import HostModel
import HostPlugins
import HostPostgres
import HostStorage

/// What an installation serves when its database's rows of rollouts are followed, as the operator's commands see it.
enum DesiredInstallation {
    /// What is wanted; nothing on a database without the platform, or with an earlier one.
    ///
    /// - Parameter database: Connected as its administrator.
    static func desired(_ database: Database) async throws -> DesiredPlugins {
        try await OperatorStore(database: database, clock: SystemClock(), observer: SilentObserver()).desiredPlugins()
    }

    /// What serves everybody; what this installation has in use itself while the database can't be asked.
    static func stable(_ settings: Settings) async throws -> PluginCatalogue {
        let address = try Installation.administratorAddress(settings: settings)
        let wanted: DesiredPlugins? = try? await withDatabase(address) { database in try await desired(database) }
        return try PluginCatalogue.load(settings, versions: RolloutPlan.best(for: wanted ?? .nothing).plan.sets[0])
    }

    /// Where the version in use here isn't what serves, since the rows say otherwise; a line each, for people.
    static func overruled(_ settings: Settings, _ serving: PluginCatalogue) throws -> [String] {
        let packages = InstalledPackages(data: settings.dataFolder, trust: serving.trust)
        return serving.packages.sorted { $0.key < $1.key }.compactMap { plugin, package in
            guard let active = packages.activeVersion(of: plugin), active != package.version,
                serving.quarantined[plugin] == nil
            else { return nil }
            return "\(plugin) \(active) is in use here, and yet \(package.version) serves: the rows of rollouts or the "
                + "list of quarantined code say so, and win over what an installation has in use."
        }
    }

    /// The manifests that the tables are for: with the candidate, while one rolls. What it adds is there for the stable
    /// version too, which goes on as if it weren't.
    ///
    /// A candidate that isn't installed here is left out: the host of this installation takes it back anyway.
    static func widest(_ settings: Settings, _ database: Database) async throws -> ManifestSet {
        let plan = RolloutPlan.best(for: try await desired(database)).plan
        let stable = try PluginCatalogue.load(settings, versions: plan.sets[0]).manifests
        guard let canary = plan.choice?.canary else { return stable }
        return (try? PluginCatalogue.load(settings, versions: plan.sets[canary.set]).manifests) ?? stable
    }

    /// Brings the schemas of a database to ``widest(_:_:)``; the platform's own first, so that there are rows to read.
    ///
    /// - Returns: The manifests that it was for.
    @discardableResult
    static func migrate(
        _ settings: Settings, at address: String, options: MigrationOptions = MigrationOptions()
    ) async throws -> ManifestSet {
        try await Installation.migrate(try ManifestSet.resolve([]), at: address, options: options)
        let manifests = try await withDatabase(address) { database in
            if options.contracts { try await refuseContract(try await desired(database)) }
            return try await widest(settings, database)
        }
        try await Installation.migrate(manifests, at: address, options: options)
        return manifests
    }

    /// The contract phase takes away what no manifest has any more; another version in service may have it.
    private static func refuseContract(_ desired: DesiredPlugins) async throws {
        if let rolling = desired.rollouts.first(where: { $0.canary != nil }) {
            throw CommandFailure.findings(
                "a candidate of \(rolling.plugin) is being rolled out, and two versions use the tables: promote it or "
                    + "roll it back before --contract.")
        }
        if let pin = desired.pins.first {
            throw CommandFailure.findings(
                "a business is pinned to \(pin.plugin) \(pin.package.version), and several versions use the tables: "
                    + "unpin all before --contract.")
        }
    }
}
