import Foundation
import HostManifest
import HostModel
import HostPostgres
import HostSQL
import Testing

// Looks into open transactions of the stores, which nobody else may.
@testable import HostStorage

/// PostgreSQL tells which tables a transaction changed and which it read: what the statements say of themselves must
/// cover it, triggers and functions included.
struct WrittenTablesTests {
    /// Work in one transaction, then what it did.
    private struct Looking {
        let installation: TestInstallation
        let firm: SignedUp

        private static let statement = SQLStatement(
            name: nil,
            text: """
                SELECT schemaname || '.' || relname, (n_tup_ins + n_tup_upd + n_tup_del)::text,
                    (seq_scan + coalesce(idx_scan, 0))::text
                FROM pg_stat_xact_user_tables WHERE schemaname = ANY($1::text[]) ORDER BY 1
                """, effect: .none)

        /// The counts are those of the connection since it last told the others, so the difference counts.
        private func counts(_ scope: TenantScope) async throws(Problem) -> [String: (written: Int64, read: Int64)] {
            let plugins = installation.storage.plans.manifests.manifests.map(\.id.description)
            let command = SQLCommand(Self.statement, ["{\(plugins.joined(separator: ","))}"])
            let rows = try await installation.storage.records.lane.read(command, in: scope)
            var counts: [String: (Int64, Int64)] = [:]
            for row in 0..<rows.count {
                counts[rows.text(row, 0) ?? ""] = (rows.integer(row, 1) ?? 0, rows.integer(row, 2) ?? 0)
            }
            return counts
        }

        /// The tables, such as `core.party`, that the body changed and read.
        func tables(
            _ body: (SignedUp) async throws -> Void
        ) async throws -> (written: Set<String>, read: Set<String>) {
            let answers = try await installation.storage.records.together(
                1, in: firm.scope, deadline: .seconds(20), isPartial: false
            ) { _, scope throws(Problem) -> (written: Set<String>, read: Set<String>) in
                let before = try await counts(scope)
                do {
                    try await body(firm.working(in: scope))
                } catch {
                    throw error as? Problem ?? Problem(.internalError, "\(error)")
                }
                let after = try await counts(scope)
                let grown = { (part: (((written: Int64, read: Int64)) -> Int64)) in
                    Set(after.filter { part($0.value) > before[$0.key].map(part) ?? 0 }.map(\.key))
                }
                return (grown(\.written), grown(\.read))
            }
            return try answers[0].get()
        }

        /// The entities of which a write has been counted since.
        func counted(since before: [String: UInt64?]) -> Set<String> {
            let now = numbers()
            return Set(now.keys.filter { now[$0] != before[$0] })
        }

        func numbers() -> [String: UInt64?] {
            var numbers: [String: UInt64?] = [:]
            for reference in references {
                let name = reference.description
                numbers[name] = installation.board.number(of: [EntityMark(name)], in: firm.scope.business)
            }
            return numbers
        }

        var references: [EntityReference] {
            installation.storage.plans.manifests.manifests.flatMap { manifest in
                manifest.entities.map { EntityReference(plugin: manifest.id, name: $0.name) }
            }
        }
    }

    private func looking(_ body: (Looking) async throws -> Void) async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            try await body(Looking(installation: installation, firm: try await installation.signUp("ann@example.com")))
        }
    }

    @Test func `every write of every entity is counted where its tables are, and changes nowhere else`() async throws {
        try await looking { looking in
            var maker = RecordMaker(looking.installation, looking.firm)
            var count = 0
            for reference in looking.references {
                var before = looking.numbers()
                var made: RecordID?
                guard
                    let created = try await accepted({
                        try await looking.tables { made = try await maker.record(reference, as: $0) }
                    })
                else { continue }
                count += 1
                #expect(created.written.contains(reference.description))
                // A first sealed value makes the business a key, which nobody says is nothing: everything is counted.
                #expect(looking.counted(since: before).isSuperset(of: created.written), "create \(reference)")
                let id = try #require(made)
                for (name, change) in try changes(of: reference, id, looking) {
                    before = looking.numbers()
                    let changed = try await looking.tables { try await change($0) }
                    #expect(changed.written == [reference.description], "\(name) \(reference)")
                    #expect(looking.counted(since: before) == changed.written, "\(name) \(reference)")
                }
            }
            #expect(count > 20)
        }
    }

    /// Nil for an entity with a rule that made-up values break.
    private func accepted<Answer>(_ make: () async throws -> Answer) async throws -> Answer? {
        do {
            return try await make()
        } catch let problem as Problem where problem.code == .validationFailed {
            return nil
        }
    }

    private typealias Change = (name: String, run: (SignedUp) async throws -> Void)

    /// An update, a transition, a step of a counter and an archiving, as far as the entity has them.
    private func changes(
        of reference: EntityReference, _ id: RecordID, _ looking: Looking
    ) throws -> [(String, (SignedUp) async throws -> Void)] {
        let records = looking.installation.storage.records
        let plan = try #require(looking.installation.storage.plans[reference])
        var changes: [Change] = [
            (
                "update",
                { _ = try await records.update(plan, id, version: nil, [:], in: $0.scope, reach: .business) }
            )
        ]
        if let counter = plan.entity.counters.first {
            changes.append(
                (
                    "adjust",
                    {
                        _ = try await records.adjust(
                            plan, id, version: nil, adding: [counter.name: 0], reason: nil, in: $0.scope,
                            reach: .business)
                    }
                ))
        }
        let states = plan.entity.states
        let first = states?.transitions.first { $0.guards.isEmpty && $0.from.contains(states?.initial ?? "") }
        if let first {
            changes.append(
                (
                    first.name,
                    {
                        _ = try await records.transition(
                            plan, id, first.name, version: nil, reason: "r", in: $0.scope, reach: .business)
                    }
                ))
        }
        if plan.entity.isArchivable {
            changes.append(
                (
                    "archive",
                    {
                        let version = try await records.read(plan, id, in: $0.scope, reach: .business).version
                        _ = try await records.archive(plan, id, version: version, in: $0.scope, reach: .business)
                    }
                ))
        }
        return changes
    }

    @Test func `every answer shows records of those entities only that it names`() async throws {
        try await looking { looking in
            let records = looking.installation.storage.records
            var maker = RecordMaker(looking.installation, looking.firm)
            var count = 0
            for reference in looking.references {
                let plan = try #require(looking.installation.storage.plans[reference])
                guard let id = try await accepted({ try await maker.record(reference) }) else { continue }
                count += 1
                let names = plan.includeNames.joined(separator: ",")
                let all = names.isEmpty ? RecordSelection.all : try opened(plan.selection([("include", names)]))
                for (selection, shown) in [(RecordSelection.all, plan.shown), (all, plan.shownWithIncludes)] {
                    let tables = try await looking.tables { firm in
                        _ = try await records.read(plan, id, selection, in: firm.scope, reach: .business)
                        var query = ListQuery(selection: selection, count: .exact)
                        query.archived = .any
                        _ = try await records.list(plan, query, in: firm.scope, reach: .own)
                        let sums = try AggregateQuery.parse([], for: plan)
                        _ = try await records.aggregate(plan, sums, in: firm.scope, reach: .business)
                    }
                    #expect(tables.written.isEmpty)
                    let marks = Set(tables.read.map { EntityMark($0) })
                    #expect(marks.isSubset(of: shown), "\(reference): \(tables.read)")
                    #expect(marks.contains(EntityMark(reference.description)))
                }
            }
            #expect(count > 20)
        }
    }

    /// With everything included records is reached.
    private func opened(_ selection: RecordSelection) -> RecordSelection {
        func opened(_ included: Included) -> Included {
            var included = included
            included.access = [Included.Access(mount: nil, isOwn: false)]
            included.nested = included.nested.map(opened)
            return included
        }
        var selection = selection
        selection.includes = selection.includes.map(opened)
        return selection
    }
}
