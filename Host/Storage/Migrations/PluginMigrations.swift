import HostManifest
import HostModel
import HostPostgres
import HostSQL

/// Brings the schema of each plugin to what its manifest asks for.
struct PluginMigrations: Sendable {
    let database: Database
    let observer: any Observer
    let options: MigrationOptions

    /// What there is to do for a plugin, and where it stands.
    struct Outlook: Sendable {
        let plan: MigrationPlan
        let model: SchemaModel?
        let applied: AppliedSchema?
    }

    /// Carries out the plan for a manifest.
    ///
    /// - Throws: ``MigrationError``; what was done until then is kept, and the next run goes on from there.
    func apply(_ manifest: Manifest, in set: ManifestSet) async throws {
        let outlook = try await outlook(manifest, in: set)
        var model = outlook.model
        do {
            if let refusal = MigrationError(refusals: outlook.plan.refusals) { throw refusal }
            let steps = outlook.plan.steps.filter { options.contracts || $0.phase != .contract }
            if outlook.applied?.digest != manifest.digest || !steps.isEmpty { try await probe(outlook.plan) }
            let runner = StepRunner(database: database, plugin: manifest.id.description, options: options)
            try await runner.checkSizes(steps)
            for step in steps {
                try await runner.run(step, before: model)
                model = step.after
                observer.observe(.migrated(schema: manifest.id.description, step: step.summary))
            }
        } catch let refusal as MigrationRefusal {
            throw MigrationError(refusals: [refusal]) ?? refusal
        }
        if !manifest.invariants.isEmpty, outlook.applied?.digest != manifest.digest {
            try await InvariantFence(database: database).prove(manifest)
            if options.checksInvariants { try await survey(manifest) }
        }
        try await finish(manifest, in: set, outlook)
    }

    /// Refuses a manifest with an invariant that doesn't hold; the host of before goes on with its own.
    private func survey(_ manifest: Manifest) async throws {
        let findings = try await InvariantSurvey(database: database, manifest: manifest).findings(say: options.say)
        guard let first = findings.first else { return }
        let lines = findings.map { finding in
            "\n    business \(finding.business): \(finding.invariant.name) "
                + (finding.isFailure ? "couldn't be checked" : "is broken")
        }
        let some = findings.count == InvariantSurvey.findingsMax ? ", among it" : ""
        let refusal = MigrationRefusal(
            rule: .brokenInvariant,
            place: manifest.places[["invariants", first.invariant.name]],
            message: "there is data that doesn't keep the invariants of \(manifest.id) \(manifest.version)\(some):"
                + lines.joined(),
            wayOut: MigrationRule.brokenInvariant.explanation.fix)
        throw MigrationError(refusals: [refusal]) ?? refusal
    }

    /// The plan for a manifest, as things stand; changes nothing but to note a model that can be told for sure.
    func outlook(_ manifest: Manifest, in set: ManifestSet) async throws -> Outlook {
        let wanted = SchemaModel(manifest, in: set)
        let applied = try await database.transaction(deadline: Migrator.deadline) { transaction in
            _ = try await transaction.execute([Migrator.lock, PlatformRoles.actAsOwner])
            let applied = try await AppliedSchema.read(manifest.id, transaction)
            guard let applied, applied.model == nil else { return applied }
            guard applied.checksum == SchemaChecksum.hexadecimal(of: wanted.create) else {
                throw unknown(manifest, applied)
            }
            _ = try await transaction.execute(AppliedSchema.keep(wanted.json.text, of: manifest.id.description))
            return try await AppliedSchema.read(manifest.id, transaction)
        }
        let model = try applied?.model.map { try Self.model($0, of: manifest) }
        return Outlook(plan: MigrationPlan(from: model, to: manifest, in: set), model: model, applied: applied)
    }

    private static func model(_ text: String, of manifest: Manifest) throws -> SchemaModel {
        guard let json = try? JSONParser.parse(Array(text.utf8)), let model = SchemaModel(json: json) else {
            throw MigrationError(
                .databaseIsNewer, "The schema of \(manifest.id) was made by a newer host: start that one.")
        }
        return model
    }

    private func unknown(_ manifest: Manifest, _ applied: AppliedSchema) -> MigrationError {
        let refusal = MigrationRefusal(
            rule: .unknownSchema, place: manifest.places.file,
            message: "the tables of \(manifest.id) were made for version \(applied.version) from another manifest, and "
                + "no description of them was kept",
            wayOut: MigrationRule.unknownSchema.explanation.fix)
        return MigrationError(.pluginSchemaDiffers, refusal.description)
    }

    private func finish(_ manifest: Manifest, in set: ManifestSet, _ outlook: Outlook) async throws {
        let isKnown = outlook.applied?.version == manifest.version.description
        guard outlook.applied?.digest != manifest.digest || !isKnown else { return }
        let checksum = SchemaChecksum.hexadecimal(of: SchemaDDL.statements(for: manifest, in: set))
        try await database.transaction(deadline: Migrator.deadline) { transaction in
            _ = try await transaction.execute([
                PlatformRoles.actAsOwner, AppliedSchema.finish(manifest, checksum: checksum),
            ])
        }
    }

    /// The step that was begun and not ended, with its position.
    func running(_ plugin: PluginID) async throws -> MigrationOutlook.Running? {
        let text = """
            SELECT summary, position, started_at::text FROM thorbis.migration_step
            WHERE plugin = $1 AND state = 'running' ORDER BY started_at DESC LIMIT 1
            """
        return try await database.transaction(deadline: .seconds(30)) { transaction in
            let rows = try await transaction.execute([
                PlatformRoles.actAsOwner, SQLCommand(Migrator.statement(text), [plugin.description]),
            ])[1]
            guard rows.count == 1, let summary = rows.text(0, 0), let since = rows.text(0, 2) else { return nil }
            return MigrationOutlook.Running(summary: summary, position: rows.text(0, 1), since: since)
        }
    }

    // MARK: - Probes

    /// Businesses that one round trip asks.
    private static let probePage = 8

    /// Looks for rows that the change would strand, business by business.
    private func probe(_ plan: MigrationPlan) async throws {
        for probe in plan.probes {
            if try await isMet(probe) { throw probe.refusal }
        }
    }

    /// Whether any business has such a row.
    func isMet(_ probe: MigrationProbe) async throws -> Bool {
        let pages = BusinessPages(database: database)
        var last = BusinessPages.first
        while true {
            let page = try await pages.page(after: last, size: Self.probePage)
            guard let end = page.last else { return false }
            let found = try await database.transaction(deadline: .seconds(600)) { transaction in
                let commands = page.flatMap { business in
                    [
                        SQLCommand(
                            Migrator.statement("SELECT set_config('thorbis.business_id', $1, true)"), [business]),
                        SQLCommand(Migrator.statement(probe.statement), [business]),
                    ]
                }
                let rows = try await transaction.execute([PlatformRoles.actAsOwner] + commands)
                return page.indices.contains { rows[$0 * 2 + 2].text(0, 0) == "t" }
            }
            if found { return true }
            last = end
        }
    }
}
