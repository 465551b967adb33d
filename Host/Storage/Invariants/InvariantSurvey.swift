import HostManifest
import HostModel
import HostPostgres
import HostSQL

/// Looks for businesses whose data breaks an invariant of a manifest, many businesses in one transaction.
///
/// Migrations run it before a changed manifest is taken on. It keeps nothing: ``InvariantRunner`` keeps results.
struct InvariantSurvey: Sendable {
    let database: Database
    let manifest: Manifest

    /// An invariant that doesn't hold for a business, or couldn't be checked.
    struct Finding: Hashable, Sendable {
        let business: String
        let invariant: Invariant
        let isFailure: Bool
    }

    /// Businesses of one transaction.
    private static let pageSize = 20
    /// Businesses between two lines of progress.
    private static let progressSize = 10_000
    /// The survey ends with so many findings.
    static let findingsMax = 20
    private static let refusedOrSlow: [DatabaseError.Code] = [.refused, .deadlineExceeded]

    /// What is broken, up to ``findingsMax``.
    func findings(say: @Sendable (String) -> Void) async throws -> [Finding] {
        var findings: [Finding] = []
        let pages = BusinessPages(database: database)
        var last = BusinessPages.first
        var count = 0
        while findings.count < Self.findingsMax {
            let page = try await pages.page(after: last, size: Self.pageSize)
            guard let end = page.last else { break }
            findings += try await self.findings(in: page)
            last = end
            count += page.count
            if count % Self.progressSize == 0 {
                say("\(manifest.id): invariants of \(count) businesses checked")
            }
        }
        return Array(findings.prefix(Self.findingsMax))
    }

    /// One that PostgreSQL gives up on is looked for alone.
    private func findings(in page: [String]) async throws -> [Finding] {
        do {
            let broken = try await broken(manifest.invariants, in: page)
            return broken.map { Finding(business: $0.business, invariant: $0.invariant, isFailure: false) }
        } catch let error as DatabaseError where Self.refusedOrSlow.contains(error.code) {
            var findings: [Finding] = []
            for business in page {
                for invariant in manifest.invariants {
                    findings += try await finding(invariant, of: business)
                }
            }
            return findings
        }
    }

    private func finding(_ invariant: Invariant, of business: String) async throws -> [Finding] {
        do {
            let isBroken = try await !broken([invariant], in: [business]).isEmpty
            return isBroken ? [Finding(business: business, invariant: invariant, isFailure: false)] : []
        } catch let error as DatabaseError where Self.refusedOrSlow.contains(error.code) {
            return [Finding(business: business, invariant: invariant, isFailure: true)]
        }
    }

    /// The checking role can't change the business, so each business begins with the role before.
    private func broken(
        _ invariants: [Invariant], in businesses: [String]
    ) async throws -> [(business: String, invariant: Invariant)] {
        let size = invariants.count + 3
        let commands = businesses.flatMap { business in
            [Self.reset, InvariantRunner.setting(business), InvariantRunner.actAsChecker] + invariants.map(command)
        }
        let rows = try await database.transaction(deadline: .seconds(600)) { try await $0.execute(all: commands) }
        return businesses.enumerated().flatMap { place, business in
            invariants.enumerated().compactMap { number, invariant in
                rows[place * size + 3 + number].text(0, 0) == "t" ? (business, invariant) : nil
            }
        }
    }

    /// Prepared once per connection: the planning is what costs for a small business.
    private func command(_ invariant: Invariant) -> SQLCommand {
        let name = "survey.\(manifest.id).\(invariant.name)"
        return SQLCommand(
            SQLStatement(name: name, text: "SELECT EXISTS (SELECT FROM (\(invariant.sql)) found)"), [])
    }

    private static let reset = SQLCommand(SQLStatement(name: nil, text: "RESET ROLE"), [])
}
