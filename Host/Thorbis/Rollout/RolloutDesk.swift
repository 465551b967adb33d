import Foundation
import HostManifest
import HostModel
import HostPlugins
import HostPostgres
import HostStorage
import HostSupervisor

/// What the commands on rollouts do: check an order against what is installed and what the tables allow, write it as
/// the operator, and wait for the hosts.
struct RolloutDesk {
    let settings: Settings
    let database: Database
    let store: OperatorStore
    private let address: String

    /// Opens the database of this installation as its administrator, while no reload is under way.
    static func open<Result: Sendable>(
        holding: Bool = true, _ body: (RolloutDesk) async throws -> Result
    ) async throws -> Result {
        let settings = try await Settings.load()
        let address = try Installation.administratorAddress(settings: settings)
        let lock = holding ? try ReloadLock(in: settings.dataFolder) : nil
        defer { lock?.end() }
        return try await withDatabase(address) { database in
            let store = OperatorStore(database: database, clock: SystemClock(), observer: SilentObserver())
            do {
                return try await body(
                    RolloutDesk(settings: settings, database: database, store: store, address: address))
            } catch let problem as Problem {
                throw CommandFailure.environment(problem.detail)
            }
        }
    }

    /// A plugin that this command can be about.
    static func plugin(_ text: String) throws -> PluginID {
        guard let plugin = PluginID(text) else { throw CommandFailure.usage("give a plugin's id, such as hs") }
        return plugin
    }

    static func version(_ text: String) throws -> SemanticVersion {
        guard let version = SemanticVersion(text) else {
            throw CommandFailure.usage("\(text) is no version; give one such as 1.5.0")
        }
        return version
    }

    static func business(_ text: String) throws -> BusinessID {
        guard let business = BusinessID(text) else {
            throw CommandFailure.usage("\(text) is no business id (a UUID).")
        }
        return business
    }

    /// A version that is installed here, and may run here.
    func installed(_ plugin: PluginID, _ version: SemanticVersion) throws -> PackageVersion {
        let packages = InstalledPackages(data: settings.dataFolder, trust: try TrustFile.load(settings))
        let package = try packages.package(plugin, version)
        try PluginFiles.check(package)
        if let entry = try CrashWatch.quarantine(settings).entry(of: package.library, plugin) {
            throw CommandFailure.findings(
                "\(plugin) \(version) is quarantined here (\(entry.reason)); `thorbis plugin release \(plugin)` first.")
        }
        return package.version
    }

    /// - Throws: ``CommandFailure`` when there is no such business.
    func check(_ businesses: [BusinessID]) async throws {
        for business in businesses where try await store.name(of: business) == nil {
            throw CommandFailure.usage("there is no business \(business).")
        }
    }

    /// Checks and writes an order.
    ///
    /// - Returns: The row as it stands, with its revision.
    func write(_ order: RolloutOrder, of plugin: PluginID) async throws -> Rollout {
        let desired = try await desired()
        let present = desired[plugin]
        let row: Rollout
        do {
            let inUse = present == nil ? try await packageInService(of: plugin) : nil
            row = try order.row(after: present, of: plugin, inUse: inUse)
        } catch let problem as RolloutOrderProblem {
            throw problem.isUsage ? CommandFailure.usage("\(problem)") : CommandFailure.findings("\(problem)")
        }
        try await admit(row, after: present, among: desired)
        guard let revision = try await store.write(row, after: present) else {
            throw CommandFailure.findings(
                "the rollout of \(plugin) was changed meanwhile; look at `thorbis plugin status` and try again."
            )
        }
        return row.revised(revision)
    }

    func desired() async throws -> DesiredPlugins { try await store.desiredPlugins() }

    /// The package that serves everybody here while there is no row: what the running hosts serve, since another one
    /// may have been installed already to be tried; what is in use where none runs.
    private func packageInService(of plugin: PluginID) async throws -> PackageVersion? {
        let answers = try await ControlSocket.ask(.list, in: settings.dataFolder)
        let serving = answers.flatMap { $0["plugins"]?.array ?? [] }.filter {
            $0["plugin"]?.string == plugin.description && $0["state"] == "serving"
        }
        let digests = Set(serving.compactMap { $0["digest"]?.string })
        guard digests.count <= 1 else {
            throw CommandFailure.findings(
                "the hosts here serve different builds of \(plugin): `thorbis plugin reload`.")
        }
        guard let digest = digests.first, let version = serving.first?["version"]?.string.flatMap(SemanticVersion.init)
        else { return try PluginCatalogue.load(settings).packages[plugin] }
        let packages = InstalledPackages(data: settings.dataFolder, trust: try TrustFile.load(settings))
        guard let package = try? packages.package(plugin, version), package.codeDigest == digest else { return nil }
        return package.version
    }

    /// Refuses what hosts can't hold or the tables don't allow, and migrates for what is new, so that hosts find the
    /// tables ready.
    private func admit(_ row: Rollout, after present: Rollout?, among desired: DesiredPlugins) async throws {
        let next = desired.replacing(row)
        let plan = try plan(next)
        if let candidate = row.canary, candidate != present?.canary, let canary = plan.choice?.canary {
            try await prepareTables(for: row.plugin, in: plan.sets[canary.set])
        } else if row.stable != present?.stable, let before = present?.stable, row.stable != present?.canary {
            try await checkWayBack(to: row.plugin, from: before, in: plan.sets[0])
        }
    }

    func plan(_ desired: DesiredPlugins) throws -> RolloutPlan {
        do throws(RolloutProblem) {
            return try RolloutPlan(desired)
        } catch {
            throw CommandFailure.findings("\(error)")
        }
    }

    /// Brings the tables to what a version needs that serves beside the stable one.
    func prepareTables(for plugin: PluginID, in versions: [PluginID: PackageVersion]) async throws {
        let manifests = try PluginCatalogue.load(settings, versions: versions).manifests
        let admission = RolloutAdmission(Migrator(database: database, observer: SilentObserver()))
        if let problem = try await admission.problem(ofCandidate: plugin, in: manifests) {
            throw CommandFailure.findings("\(plugin) can't be tried beside the version in service: \(problem)")
        }
        var options = MigrationOptions()
        options.say = { printLine($0) }
        try await Installation.migrate(manifests, at: address, options: options)
    }

    /// Refuses to go back to a version that the tables don't fit any more.
    func checkWayBack(
        to plugin: PluginID, from version: PackageVersion, in versions: [PluginID: PackageVersion]
    ) async throws {
        let manifests = try PluginCatalogue.load(settings, versions: versions).manifests
        let admission = RolloutAdmission(Migrator(database: database, observer: SilentObserver()))
        if let problem = try await admission.problem(ofWayBackTo: plugin, in: manifests) {
            throw CommandFailure.findings("\(plugin) can't go back from \(version.version): \(problem)")
        }
    }
}

extension DesiredPlugins {
    /// With this row in the place of that plugin's.
    func replacing(_ row: Rollout) -> DesiredPlugins {
        let others = rollouts.filter { $0.plugin != row.plugin }
        return DesiredPlugins(rollouts: (others + [row]).sorted { $0.plugin < $1.plugin }, pins: pins)
    }

    /// With this pin in the place of another one of the business.
    func replacing(_ pin: PluginPin) -> DesiredPlugins {
        let others = pins.filter { $0.business != pin.business || $0.plugin != pin.plugin }
        return DesiredPlugins(rollouts: rollouts, pins: others + [pin])
    }
}

extension Rollout {
    func revised(_ revision: Int64) -> Rollout {
        Rollout(
            plugin: plugin, stable: stable, candidate: candidate, previous: previous, percent: percent,
            businesses: businesses, revision: revision, state: state, reason: reason, changedAt: changedAt)
    }
}
