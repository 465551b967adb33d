import HostModel
import HostPostgres

/// The ids of all businesses, a page at a time, for what the operator does to each of them.
struct BusinessPages: Sendable {
    let database: Database

    static let first = "00000000-0000-0000-0000-000000000000"
    private static let statement = Migrator.statement("SELECT businesses.ids_after($1::uuid, $2::int)::text")

    /// A page of identities; nil begins at the first one.
    func page(after last: BusinessID?, size: Int) async throws -> [BusinessID] {
        try await page(after: last?.description ?? Self.first, size: size).compactMap { BusinessID($0) }
    }

    /// In order; empty at the end.
    func page(after last: String, size: Int) async throws -> [String] {
        try await database.transaction(deadline: .seconds(30)) { transaction in
            let rows = try await transaction.execute([
                PlatformRoles.actAsOwner, SQLCommand(Self.statement, [last, "\(size)"]),
            ])[1]
            return (0..<rows.count).compactMap { rows.text($0, 0) }
        }
    }
}
