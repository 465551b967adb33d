package import HostManifest
package import HostModel

/// What an export asks for: which records, which members of them, in which form.
package struct ExportQuery: Hashable, Sendable {
    package enum Format: String, Hashable, Sendable, CaseIterable { case csv, ndjson }

    package let format: Format
    /// Only its filters, `q` and `filter[archived]` count; records come in the order of their ids.
    package var list: ListQuery
    /// The members, in the record's order; nil for all.
    package let members: Set<String>?
    /// Whether cells that a spreadsheet would take for a formula get an apostrophe in front.
    package let isGuarded: Bool
    /// The business's own fields that whoever exports doesn't see.
    package var hidden: Set<String> = []

    /// Reads the query parameters of an export: `format=csv|ndjson`, `fields=number,status`, `safe=true|false`, and
    /// `q` and `filter[…]` of the list. `sort` is taken and makes no difference.
    ///
    /// - Throws: `validation_failed` with every parameter at fault.
    package static func parse(
        _ parameters: [(name: String, value: String)], for plan: EntityPlan, custom: CustomFields = .none
    ) throws(Problem) -> ExportQuery {
        var parser = ExportQueryParser(table: plan.table)
        for (name, value) in parameters { parser.take(name, value) }
        guard parser.faults.isEmpty else {
            throw Problem(.validationFailed, "The export can't be made as asked.", faults: parser.faults)
        }
        return ExportQuery(
            format: parser.format, list: try ListQuery.parse(parser.list, for: plan, custom: custom),
            members: parser.members,
            isGuarded: parser.isGuarded)
    }

    private init(format: Format, list: ListQuery, members: Set<String>?, isGuarded: Bool) {
        self.format = format
        self.list = list
        self.members = members
        self.isGuarded = isGuarded
    }

    /// For the audit trail: what was left out, and what was asked for.
    package var summary: JSONObject {
        var summary = JSONObject(["format": .string(format.rawValue)])
        if !list.filters.isEmpty { summary["filters"] = .array(list.filters.map { .string($0.description) }) }
        if let search = list.search { summary["q"] = .string(search) }
        if list.archived != .hidden { summary["archived"] = .string(list.archived.rawValue) }
        if let members { summary["fields"] = .array(members.sorted().map { .string($0) }) }
        return summary
    }
}

/// Reads the parameters that lists don't have, and keeps the others for them.
private struct ExportQueryParser {
    let table: RecordTable
    var format = ExportQuery.Format.ndjson
    var members: Set<String>?
    var isGuarded = true
    var list: [(name: String, value: String)] = []
    var faults: [Problem.Fault] = []
    private var seen: Set<String> = []

    init(table: RecordTable) {
        self.table = table
    }

    mutating func take(_ name: String, _ value: String) {
        guard name.hasPrefix("filter[") || seen.insert(name).inserted else {
            return refuse(name, "duplicate_parameter", "\(name) can be given once.")
        }
        switch name {
        case "format":
            guard let wanted = ExportQuery.Format(rawValue: value) else {
                return refuse(name, "enum", "format is csv or ndjson.")
            }
            format = wanted
        case "safe":
            guard value == "true" || value == "false" else { return refuse(name, "type", "safe is true or false.") }
            isGuarded = value == "true"
        case "fields": takeFields(value)
        case "sort": break
        case "q": list.append((name, value))
        case _ where name.hasPrefix("filter["): list.append((name, value))
        default: refuse(name, "unknown_parameter", "An export takes format, fields, safe, q and filter[…].")
        }
    }

    private mutating func takeFields(_ value: String) {
        var chosen: Set<String> = ["id"]
        for name in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let column = table.column(named: String(name)), table.shownColumns.contains(column) else {
                refuse("fields", "unknown_field", "\(table.reference) has no member \(name).")
                continue
            }
            chosen.insert(column.name)
        }
        members = chosen
    }

    private mutating func refuse(_ path: String, _ code: String, _ detail: String) {
        faults.append(Problem.Fault(path: path, code: code, detail: detail))
    }
}
