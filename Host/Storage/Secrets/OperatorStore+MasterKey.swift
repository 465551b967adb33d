package import HostModel
import HostPostgres
import HostSQL

extension OperatorStore {
    /// How many keys of businesses aren't wrapped by a master key.
    package func keysNotWrapped(by master: Int) async throws(Problem) -> Int {
        let text = "SELECT count(*)::text FROM businesses.data_key WHERE master_key <> $1::int"
        let rows = try await asOwner(SQLCommand(SQLStatement(name: nil, text: text), ["\(master)"]))
        return rows.text(0, 0).flatMap { Int($0) } ?? 0
    }

    /// Wraps the keys of all businesses by the newest master key, each in its own transaction; sealed values stay as
    /// they are. Broken off, it goes on where it was.
    ///
    /// - Returns: How many keys were wrapped anew.
    /// - Throws: `unavailable` when an older master key isn't there any more.
    package func rewrap(_ masters: any MasterKeySource) async throws(Problem) -> Int {
        let newest = try masters.current()
        var count = 0
        while true {
            let rows = try await asOwner(SQLCommand(Self.stale, ["\(newest.id)"]))
            if rows.count == 0 { return count }
            for row in 0..<rows.count {
                _ = try await asOwner(try rewrapping(rows, row, masters, by: newest))
                count += 1
            }
        }
    }

    private func rewrapping(
        _ rows: Rows, _ row: Int, _ masters: any MasterKeySource, by newest: MasterKey
    ) throws(Problem) -> SQLCommand {
        guard let business = rows.text(row, 0).flatMap({ BusinessID($0) }),
            let id = rows.text(row, 1).flatMap({ Int($0) }),
            let masterID = rows.text(row, 2).flatMap({ Int($0) }),
            let wrapped = rows.text(row, 3).flatMap(DataKeyStore.bytes)
        else { throw .failed }
        guard let master = try masters.key(masterID) else { throw .noMasterKey }
        let key = try DataKey(unwrapping: wrapped, of: business, id: id, by: master)
        let text = try key.wrapped(by: newest).hexadecimal
        return SQLCommand(Self.replace, [business.description, "\(id)", "\(masterID)", "\(newest.id)", text])
    }

    private static let stale = SQLStatement(
        name: nil,
        text: """
            SELECT business_id::text, id::text, master_key::text, encode(wrapped, 'hex') FROM businesses.data_key
            WHERE master_key <> $1::int ORDER BY business_id, id LIMIT 500
            """)

    private static let replace = SQLStatement(
        name: nil,
        text: """
            UPDATE businesses.data_key SET master_key = $4::int, wrapped = decode($5, 'hex')
            WHERE business_id = $1::uuid AND id = $2::int AND master_key = $3::int
            """)
}
