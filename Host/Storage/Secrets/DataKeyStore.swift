import HostModel
import HostPostgres
import HostSQL
import Synchronization

/// The keys of businesses: made at first use, kept wrapped in the database and for a while in memory.
final class DataKeyStore: Sendable {
    private struct Name: Hashable {
        let business: BusinessID
        let id: Int
    }

    private let lane: TenantLane
    private let masters: any MasterKeySource
    private let known = Mutex<[Name: DataKey]>([:])

    /// How many keys are kept in memory; when there are more, all are forgotten and read again as they are needed.
    static let knownMax = 4_096
    /// The key that new values are sealed with.
    private static let currentID = 1

    init(lane: TenantLane, masters: any MasterKeySource) {
        self.lane = lane
        self.masters = masters
    }

    /// The key for new values of a business; made when there is none yet.
    func current(in scope: TenantScope) async throws(Problem) -> DataKey {
        // A key is made outside the request's transaction: were it undone, values would be sealed with a key that
        // exists in this process's memory alone.
        let scope = scope.alone
        if let key = try await key(Self.currentID, in: scope) { return key }
        let master = try masters.current()
        let made = DataKey.random(for: scope.business, id: Self.currentID)
        let wrapped = try made.wrapped(by: master).hexadecimal
        // Another host may have made one since: then nothing is inserted, and that one counts.
        _ = try await lane.write(
            SQLCommand(Self.insert, ["\(made.id)", "\(master.id)", wrapped]), in: scope)
        guard let key = try await key(Self.currentID, in: scope) else { throw .failed }
        return key
    }

    /// A key of a business; nil for one that was never made.
    func key(_ id: Int, in scope: TenantScope) async throws(Problem) -> DataKey? {
        let name = Name(business: scope.business, id: id)
        if let key = known.withLock({ $0[name] }) { return key }
        let rows = try await lane.read(SQLCommand(Self.read, ["\(id)"]), in: scope.alone)
        guard rows.count == 1 else { return nil }
        guard let masterID = rows.text(0, 0).flatMap({ Int($0) }), let wrapped = rows.text(0, 1).flatMap(Self.bytes)
        else {
            throw .failed
        }
        guard let master = try masters.key(masterID) else { throw .noMasterKey }
        let key = try DataKey(unwrapping: wrapped, of: scope.business, id: id, by: master)
        known.withLock { known in
            if known.count >= Self.knownMax { known.removeAll(keepingCapacity: true) }
            known[name] = key
        }
        return key
    }

    private static let read = SQLStatement(
        name: "data_key.read",
        text: "SELECT master_key::text, encode(wrapped, 'hex') FROM businesses.data_key WHERE id = $1::int")

    private static let insert = SQLStatement(
        name: "data_key.insert",
        text: """
            INSERT INTO businesses.data_key (business_id, id, master_key, wrapped)
            VALUES (\(RowSecurity.currentBusiness), $1::int, $2::int, decode($3, 'hex')) ON CONFLICT DO NOTHING
            """)

    /// The bytes of pairs of hexadecimal digits.
    static func bytes(hexadecimal text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for position in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[position...position + 1], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        return bytes
    }
}
