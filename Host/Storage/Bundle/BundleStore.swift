package import HostManifest
package import HostModel
import HostPostgres
import HostSQL
package import NIOCore

/// Whole businesses as archives: for their owners through the API, for the operator from the command line.
package struct BundleStore: Sendable {
    let lane: TenantLane
    let ids: UUIDv7Source
    let manifests: ManifestSet

    private static let action = "platform.business.export"

    /// Writes all that the business of a signed-in user has. The audit trail tells of it when it ends, also when it
    /// broke off.
    ///
    /// - Throws: As ``require(_:)``, before the first byte.
    package func export(in scope: TenantScope, _ write: (ByteBuffer) async throws -> Void) async throws {
        try Self.require(scope)
        var rows = 0
        do {
            let sections = try await lane.snapshot(in: scope, deadline: BundleExport.deadline) { snapshot in
                try await BundleExport(manifests: manifests).run(snapshot, of: scope.business, write)
            }
            rows = sections.reduce(0) { $0 + $1.rows }
        } catch {
            // What broke it off is what to tell, whether the trail could be written or not.
            try? await record(rows, isComplete: false, in: scope)
            throw error
        }
        try await record(rows, isComplete: true, in: scope)
    }

    /// A bundle has all that the business has, or it isn't one: nobody gets by it what they don't see otherwise.
    ///
    /// - Throws: `forbidden` when the business has fields of its own that the user doesn't see.
    package static func require(_ scope: TenantScope) throws(Problem) {
        guard !scope.veil.isNone else { return }
        throw Problem(
            .forbidden,
            "The export holds all that the business has, also custom fields that are for other roles than yours: "
                + "somebody who sees all of them can export it.")
    }

    private func record(_ rows: Int, isComplete: Bool, in scope: TenantScope) async throws(Problem) {
        _ = try await lane.write(Self.row(rows, isComplete, scope).insert(id: ids.next(), in: scope), in: scope)
    }

    fileprivate static func row(_ rows: Int, _ isComplete: Bool, _ scope: TenantScope) -> AuditRow {
        AuditRow(
            action: action, entity: "platform.business", record: scope.business.uuid,
            changes: JSONObject([
                "export": ["to": ["rows": .int(Int64(rows)), "complete": .bool(isComplete)]]
            ]))
    }
}

extension OperatorStore {
    /// Writes all that a business has; as the owner of the tables, whom row-level security binds too.
    ///
    /// - Throws: `not_found`, and what `write` throws.
    package func export(
        _ business: BusinessID, _ manifests: ManifestSet, _ write: (ByteBuffer) async throws -> Void
    ) async throws -> [BundleSection] {
        let scope = TenantScope.operating(business)
        do {
            let sections = try await database.snapshot(deadline: BundleExport.deadline) { snapshot in
                _ = try await snapshot.execute(PlatformRoles.actAsOwner)
                _ = try await snapshot.execute(TenantSetting.reading(scope))
                return try await BundleExport(manifests: manifests).run(snapshot, of: business, write)
            }
            let rows = sections.reduce(0) { $0 + $1.rows }
            try await database.transaction(deadline: .seconds(10)) { transaction in
                _ = try await transaction.execute([PlatformRoles.actAsOwner, TenantSetting.writing(scope)])
                _ = try await transaction.execute(
                    BundleStore.row(rows, true, scope).insert(id: ids.next(), in: scope))
            }
            return sections
        } catch let error as DatabaseError {
            throw refusals.problem(error, request: nil)
        }
    }

    /// Gives an account a password, or another one; for people who came with a bundle.
    ///
    /// - Throws: `not_found` when no account has that e-mail address.
    package func setPassword(_ hash: String, ofAccount email: String) async throws(Problem) {
        let text = "SELECT auth.set_password($1, $2)::text"
        let rows = try await asOwner(SQLCommand(SQLStatement(name: nil, text: text), [email.lowercased(), hash]))
        guard rows.count == 1, rows.text(0, 0) != nil else { throw .notFound("account") }
    }
}
