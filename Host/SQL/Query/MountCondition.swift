import HostManifest
import HostModel

/// What a mount asks of every record: shown ones match it, written ones are made to.
struct MountCondition: Sendable {
    private let matches: [(column: Column, value: String)]

    init(_ mount: Mount?, of table: RecordTable) {
        matches = (mount?.matching ?? []).compactMap { match in
            table.column(named: match.field).map { ($0, match.value) }
        }
    }

    /// A condition on `t`, starting with ` AND `; empty without a mount.
    var text: String { text(on: "t") }

    func text(on alias: String) -> String {
        matches.map { match in
            let column = "\(alias)." + SQLName.quoted(match.column.name)
            let value = SQLName.literal(match.value)
            let isSet = match.column.type.comparing == .membership
            return isSet ? " AND \(value) = ANY (\(column))" : " AND \(column) = \(value)::\(match.column.type.name)"
        }.joined()
    }

    /// Makes the values of a new record match.
    func force(_ document: inout JSONObject) {
        for match in matches { document[match.column.name] = forced(document[match.column.name], match) }
    }

    /// Makes changed values match; columns that aren't changed match already.
    func forceChanged(_ document: inout JSONObject) {
        for match in matches where document[match.column.name] != nil {
            document[match.column.name] = forced(document[match.column.name], match)
        }
    }

    private func forced(_ value: JSONValue?, _ match: (column: Column, value: String)) -> JSONValue {
        guard match.column.type.comparing == .membership else {
            return match.column.type.format == .bool ? .bool(match.value == "true") : .string(match.value)
        }
        let members = value?.array ?? []
        return members.contains(.string(match.value)) ? .array(members) : .array(members + [.string(match.value)])
    }

}
