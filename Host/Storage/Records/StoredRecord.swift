package import HostModel
import HostPostgres
import HostSQL

/// A record as it stands in the database.
package struct StoredRecord: Sendable {
    /// The ETag.
    package let version: Int64
    /// What GET answers with, byte for byte.
    package let json: JSONText
    /// Nil for an entity without statuses, and for a locked or found record.
    package let standing: RecordStanding?
    /// The sensitive values, by member, which the JSON has masked; only where they were asked for.
    package private(set) var secrets: [String: JSONValue] = [:]

    init(version: Int64, json: JSONText, standing: RecordStanding? = nil) {
        self.version = version
        self.json = json
        self.standing = standing
    }

    /// The same record with what its mask hides.
    func adding(secrets: [String: JSONValue]) -> StoredRecord {
        var record = self
        record.secrets = secrets
        return record
    }

    /// From the JSON; nil when it has none.
    var id: RecordID? { (try? JSONParser.parse(json.bytes))?["id"]?.string.flatMap { RecordID($0) } }

    /// A row of a read or a create: `version`, `json`, and the columns of the standing where they are.
    ///
    /// - Parameter scope: Who is to see it.
    init?(_ rows: Rows, row: Int, of plan: EntityPlan, in scope: TenantScope) throws(Problem) {
        guard let version = rows.integer(row, 0) else { return nil }
        self.init(
            version: version, json: try JSONText(rows, row: row, column: 1).veiled(plan, in: scope),
            standing: RecordStanding(rows, row: row, of: plan, status: 2, maker: 3))
    }
}

/// A part of an ordered list.
package struct RecordPage: Sendable {
    /// In the list's order.
    package private(set) var records: [JSONText]
    /// The parameter `cursor` for the page after this one; nil on the last page.
    package internal(set) var nextCursor: String?
    /// How many records the whole list has; nil when nobody asked.
    package internal(set) var count: RecordCount?
    /// Of a list of changes: all before this time are in it; RFC 3339.
    package internal(set) var until: String?

    init(records: [JSONText], nextCursor: String?) {
        self.records = records
        self.nextCursor = nextCursor
    }

    /// Takes out of each record what its reader doesn't see.
    mutating func rewrite(_ change: (JSONValue) -> JSONValue) throws(Problem) {
        var seen: [JSONText] = []
        for record in records { seen.append(try record.rewritten(change)) }
        records = seen
    }
}

/// How many records a list has.
package struct RecordCount: Hashable, Sendable {
    package let value: Int64
    /// Whether there are more than ``value``.
    package let isCapped: Bool

    /// - Parameter found: As counted: a capped count goes one beyond its bound, which tells that there are more.
    init(_ found: Int64, of count: ListQuery.Count) {
        let bound = count == .capped ? Int64(ListQuery.countMax) : .max
        value = min(found, bound)
        isCapped = found > bound
    }
}

extension JSONValue {
    /// The JSON of a record with its sensitive values in the place of their masks.
    package func revealing(_ secrets: [String: JSONValue]) -> JSONValue {
        guard var object else { return self }
        for (member, value) in secrets where object[member] != nil { object[member] = value }
        return .object(object)
    }
}
