package import HostManifest
package import HostModel
package import HostPostgres
import HostSQL

/// Brings a database's schemas to what this host needs: the platform's by numbered steps, the plugins' by manifest.
///
/// Several hosts may start at once: each step takes the same lock and looks again, so each is applied once.
package struct Migrator: Sendable {
    private let database: Database
    private let observer: any Observer

    /// Taken by every transaction here; ended by its commit.
    static let lock = SQLCommand(
        SQLStatement(name: nil, text: "SELECT pg_advisory_xact_lock(hashtext('thorbis.migration'))"), [])
    static let deadline: Duration = .seconds(600)

    /// - Parameter database: Connected as a superuser, or as a role that may create roles and schemas.
    package init(database: Database, observer: any Observer) {
        self.database = database
        self.observer = observer
    }

    /// Applies what is missing of the platform's steps, then of the plugins' schemas.
    ///
    /// Nothing is done for manifests that ask for what no schema may have (``WantedLint``).
    ///
    /// - Throws: ``MigrationError``, or `DatabaseError` when a statement is refused; that step left nothing behind.
    package func migrate(
        _ manifests: ManifestSet, platform: [Migration] = PlatformMigrations.all,
        options: MigrationOptions = MigrationOptions()
    ) async throws {
        if let refusal = MigrationError(findings: WantedLint.findings(manifests)) { throw refusal }
        try await database.transaction(deadline: Self.deadline) { transaction in
            _ = try await transaction.execute(Self.lock)
            try await transaction.execute(each: PlatformRoles.statements)
        }
        try await checkNothingNewer(than: platform)
        for migration in platform { try await apply(migration) }
        guard !manifests.manifests.isEmpty else { return }
        try await alone(options) {
            let plugins = PluginMigrations(database: database, observer: observer, options: options)
            for manifest in manifests.manifests { try await plugins.apply(manifest, in: manifests) }
        }
    }

    /// What a migration would do, and where it stands; changes nothing.
    ///
    /// - Throws: ``MigrationError`` for a database that this host can't tell anything about.
    package func outlook(_ manifests: ManifestSet) async throws -> [MigrationOutlook] {
        let plugins = PluginMigrations(database: database, observer: observer, options: MigrationOptions())
        let findings = WantedLint.findings(manifests)
        var outlooks: [MigrationOutlook] = []
        for manifest in manifests.manifests {
            let outlook = try await plugins.outlook(manifest, in: manifests)
            var inTheWay: [MigrationRefusal] = []
            for probe in outlook.plan.probes where outlook.applied?.digest != manifest.digest {
                if try await plugins.isMet(probe) { inTheWay.append(probe.refusal) }
            }
            let running = try await plugins.running(manifest.id)
            outlooks.append(
                MigrationOutlook(
                    plugin: manifest.id.description, version: manifest.version.description,
                    appliedVersion: outlook.applied.flatMap { $0.version.isEmpty ? nil : $0.version },
                    appliedDigest: outlook.applied.flatMap { $0.digest.isEmpty ? nil : $0.digest },
                    isCurrent: outlook.applied?.digest == manifest.digest, plan: outlook.plan,
                    refusals: outlook.plan.refusals + inTheWay,
                    findings: findings.filter { $0.plugin == manifest.id.description }, running: running))
        }
        return outlooks
    }

    /// Whether the database has the platform's steps up to this host's.
    package func hasPlatform() async throws -> Bool {
        let last = PlatformMigrations.all.map(\.id).max() ?? 0
        let text = "SELECT to_regclass('thorbis.migration') IS NOT NULL"
        let isThere = try await database.transaction(deadline: .seconds(30)) { transaction in
            try await transaction.execute(SQLCommand(Self.statement(text), [])).text(0, 0) == "t"
        }
        guard isThere else { return false }
        return try await database.transaction(deadline: .seconds(30)) { transaction in
            let newest = Self.statement("SELECT coalesce(max(id), 0)::text FROM thorbis.migration")
            return try await transaction.execute([PlatformRoles.actAsOwner, SQLCommand(newest, [])])[1]
                .integer(0, 0) ?? 0 >= Int64(last)
        }
    }

    /// Holds the lock of plugin migrations for as long as the body runs: one process changes schemas at a time.
    ///
    /// A transaction of its own holds it; it ends with the connection when this process is killed. Index builds wait
    /// for every snapshot that is older than they are, so nobody here keeps one: the lock is asked for again and
    /// again rather than waited for, and a statement without a snapshot takes the place of the SELECT's portal.
    private func alone(_ options: MigrationOptions, _ body: () async throws -> Void) async throws {
        let ask = Self.statement("SELECT pg_try_advisory_xact_lock(hashtext('thorbis.plugin_migration'))")
        let rest = Self.statement("SET LOCAL idle_in_transaction_session_timeout = 0")
        try await database.transaction(deadline: StepRunner.deadline) { transaction in
            var hasSaid = false
            while try await transaction.execute([SQLCommand(ask, []), SQLCommand(rest, [])])[0].text(0, 0) != "t" {
                if !hasSaid { options.say("another process is migrating this database; waiting for it") }
                hasSaid = true
                try await Task.sleep(for: options.turnPause)
            }
            try await body()
        }
    }

    private func apply(_ migration: Migration) async throws {
        let wasApplied = try await database.transaction(deadline: Self.deadline) { transaction in
            _ = try await transaction.execute([Self.lock, PlatformRoles.actAsOwner])
            let known = try await transaction.execute(
                SQLCommand(
                    Self.statement("SELECT checksum FROM thorbis.migration WHERE id = $1::int"), ["\(migration.id)"]))
            if known.count == 1 { return try Self.check(migration, known.text(0, 0)) }
            try await transaction.execute(each: migration.statements)
            _ = try await transaction.execute(
                SQLCommand(
                    Self.statement("INSERT INTO thorbis.migration (id, name, checksum) VALUES ($1::int, $2, $3)"),
                    ["\(migration.id)", migration.name, migration.checksum]))
            return true
        }
        if wasApplied { observer.observe(.migrated(schema: "thorbis", step: "\(migration.id) \(migration.name)")) }
    }

    /// Gives false: there is nothing to apply.
    private static func check(_ migration: Migration, _ checksum: String?) throws -> Bool {
        guard checksum == migration.checksum else {
            throw MigrationError(
                .checksumDiffers,
                "Step \(migration.id) (\(migration.name)) was applied with other statements than this host has. "
                    + "A released step is never edited: restore it, and add a new one.")
        }
        return false
    }

    private func checkNothingNewer(than platform: [Migration]) async throws {
        let last = platform.map(\.id).max() ?? 0
        let newest = try await database.transaction(deadline: Self.deadline) { transaction in
            _ = try await transaction.execute(PlatformRoles.actAsOwner)
            let text = "SELECT coalesce(max(id), 0)::text FROM thorbis.migration"
            return try await transaction.execute(SQLCommand(Self.statement(text), [])).integer(0, 0) ?? 0
        }
        guard newest <= last else {
            throw MigrationError(
                .databaseIsNewer, "The database is at step \(newest), this host knows \(last): start a newer host.")
        }
    }

    static func statement(_ text: String) -> SQLStatement { SQLStatement(name: nil, text: text) }
}

extension DatabaseTransaction {
    /// Runs statements without parameters, one after the other.
    func execute(each statements: [String]) async throws(DatabaseError) {
        for text in statements { _ = try await execute(SQLCommand(Migrator.statement(text), [])) }
    }
}
