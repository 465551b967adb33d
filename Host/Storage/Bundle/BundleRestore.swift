package import HostManifest
package import HostModel
package import HostPostgres
import HostSQL

/// Brings a business from a bundle into this installation: all of it, compared with what left, or nothing.
///
/// The rows come in as `thorbis_restore`, which may insert and nothing else, for the time of the transaction, and which
/// row-level security binds like any other role. The rules that a record starts at version 1 and in its first status
/// make an exception for that role.
package struct BundleRestore: Sendable {
    private let database: Database
    private let manifests: ManifestSet
    private let ids: UUIDv7Source
    private let refusals: Refusals

    private static let deadline: Duration = .seconds(7_200)

    /// - Parameter database: Connected as a role that may act as `thorbis_owner` and `thorbis_restore`.
    package init(database: Database, manifests: ManifestSet, clock: any WallClock, observer: any Observer) {
        self.database = database
        self.manifests = manifests
        ids = UUIDv7Source(clock: clock)
        refusals = Refusals(observer: observer)
    }

    /// - Returns: The business, and its sections as they are here now: equal to those of the bundle.
    /// - Throws: `bundle_damaged`, `bundle_refused`; nothing of the business is here then.
    package func run(_ archive: BundleArchive) async throws(Problem) -> (BusinessID, [BundleSection]) {
        do {
            var archive = archive
            let first = try archive.next()
            let facts = try BundleFacts(parsing: first)
            try facts.check(manifests)
            guard let first else { throw Problem.damaged("at its beginning") }
            let sections = try await database.transaction(deadline: Self.deadline) { transaction in
                try await restore(facts, first, archive, transaction)
            }
            return (facts.business, sections)
        } catch {
            throw problem(error)
        }
    }

    /// What the database refuses is told: it is the operator's own, and says which table.
    private func problem(_ error: any Error) -> Problem {
        guard let error = error as? DatabaseError, error.code == .refused else {
            return refusals.problem(any: error, request: nil)
        }
        let table = [error.schema, error.table].compactMap { $0 }.joined(separator: ".")
        return .refusedBundle("The database refused rows\(table.isEmpty ? "" : " of \(table)"): \(error.detail)")
    }

    private func restore(
        _ facts: BundleFacts, _ first: BundleArchive.File, _ archive: BundleArchive, _ transaction: DatabaseTransaction
    ) async throws -> [BundleSection] {
        let scope = TenantScope.operating(facts.business)
        _ = try await transaction.execute([Migrator.lock, TenantSetting.writing(scope)])
        try await run(BundleReading.staging, transaction)
        try await run("GRANT SELECT ON pg_temp.thorbis_line TO \(PlatformRoles.restore)", transaction)
        var reading = BundleReading(archive, transaction)
        let contents = try await reading.contents(facts, first)
        _ = try await transaction.execute(PlatformRoles.actAsOwner)
        let tables = try BundleCatalogue.tables(try await transaction.execute(BundleCatalogue.command), manifests)
        try Self.check(contents.sections, tables)
        try await insertBusiness(facts, transaction)
        try await insertMembers(contents, transaction)
        for text in tables.flatMap({ $0.rights("GRANT", "TO") }) { try await run(text, transaction) }
        try await run("SET LOCAL ROLE \(PlatformRoles.restore)", transaction)
        for table in tables { try await run(table.insert, transaction) }
        _ = try await transaction.execute(PlatformRoles.actAsOwner)
        for text in tables.flatMap({ $0.rights("REVOKE", "FROM") }) { try await run(text, transaction) }
        let arrived = try await compared(contents.sections, tables, transaction)
        let row = AuditRow(
            action: "platform.business.restore", entity: "platform.business", record: facts.business.uuid)
        _ = try await transaction.execute(row.insert(id: ids.next(), in: scope))
        return arrived
    }

    /// Every section needs a table here.
    private static func check(_ sections: [BundleSection], _ tables: [BundleTable]) throws(Problem) {
        let known = Set(tables.map(\.name) + [BundleFacts.fileName, BundleExport.members, BundleExport.identities])
        for section in sections where !known.contains(section.name) {
            throw .refusedBundle("Here is no table for \(section.name); start a newer host first.")
        }
    }

    private func insertBusiness(_ facts: BundleFacts, _ transaction: DatabaseTransaction) async throws {
        let here = try await transaction.execute(command("SELECT FROM businesses.business"))
        guard here.count == 0 else {
            throw Problem.refusedBundle("The business \(facts.business) is here already.")
        }
        _ = try await transaction.execute(
            command(
                """
                INSERT INTO businesses.business
                SELECT r.* FROM jsonb_populate_record(NULL::businesses.business, $1::jsonb) r
                """, [JSONValue.object(facts.row).text]))
    }

    /// Members come without passwords. One whose e-mail address has an account here is the person of that account.
    private func insertMembers(_ contents: BundleContents, _ transaction: DatabaseTransaction) async throws {
        for member in contents.members {
            let email = member["email"]?.string ?? ""
            let id = contents.identities[email] ?? UserID(ids.next())
            try await run("SET LOCAL ROLE \(PlatformRoles.restore)", transaction)
            let invited = try await transaction.execute(
                command(
                    "SELECT auth.invite($1::uuid, $2, $3)::text", [id.description, email, member["name"]?.string]))
            _ = try await transaction.execute(PlatformRoles.actAsOwner)
            _ = try await transaction.execute(
                command(
                    """
                    INSERT INTO users.membership (business_id, user_id, roles, created_at)
                    SELECT \(RowSecurity.currentBusiness), $1::uuid, r.roles, r.created_at
                    FROM jsonb_to_record($2::jsonb) AS r(roles text[], created_at timestamptz)
                    """, [invited.text(0, 0), JSONValue.object(member).text]))
        }
    }

    /// Counts and digests what is here now, and holds it against what left.
    private func compared(
        _ sections: [BundleSection], _ tables: [BundleTable], _ transaction: DatabaseTransaction
    ) async throws -> [BundleSection] {
        var here = [(BundleExport.members, BundleExport.membersQuery, 1_000)]
        here += tables.map { ($0.name, $0.query, $0.batch) }
        var arrived: [BundleSection] = []
        for (name, query, batch) in here {
            let found = try await section(name, query, batch, transaction)
            let left = sections.first { $0.name == name } ?? SectionTally(name: name).section
            guard found == left else {
                throw Problem.refusedBundle(
                    "\(name) differs: \(left.rows) rows left, \(found.rows) arrived, and they are not the same.")
            }
            arrived.append(found)
        }
        return arrived
    }

    private func section(
        _ name: String, _ query: String, _ batch: Int, _ transaction: DatabaseTransaction
    ) async throws -> BundleSection {
        var tally = SectionTally(name: name)
        try await run("DECLARE thorbis_rows NO SCROLL CURSOR FOR \(query)", transaction)
        while true {
            let rows = try await transaction.execute(command("FETCH \(batch) FROM thorbis_rows"))
            for row in 0..<rows.count {
                tally.add((rows.bytes(row, 0) ?? []) + [UInt8(ascii: "\n")], rows: 1)
            }
            if rows.count < batch { break }
        }
        try await run("CLOSE thorbis_rows", transaction)
        return tally.section
    }

    private func run(_ text: String, _ transaction: DatabaseTransaction) async throws {
        _ = try await transaction.execute(command(text))
    }

    private func command(_ text: String, _ parameters: [SQLParameter] = []) -> SQLCommand {
        SQLCommand(SQLStatement(name: nil, text: text), parameters)
    }
}
