import HostManifest
import HostModel

/// What of a table's rows is found by `q=`, and whether the words of all rows are there.
package struct SearchModel: Hashable, Sendable {
    /// The key of the words: `core.party`.
    package let entity: String
    /// In the manifest's order; never empty.
    package let columns: [String]
    /// False once the triggers are gone: words then tell of rows as they were.
    package var isKept: Bool

    package init(entity: String, columns: [String], isKept: Bool = true) {
        self.entity = entity
        self.columns = columns
        self.isKept = isKept
    }

    /// Nil for an entity that isn't searched.
    init?(_ table: RecordTable) {
        let columns = table.entity.fields.filter { $0.isSearched && !$0.isSensitive }.map(\.column)
        guard !columns.isEmpty else { return nil }
        self.init(entity: table.reference.description, columns: columns)
    }

    /// Whether its words are some of the other's, so that the rest only has to be added.
    func isPart(of other: SearchModel) -> Bool {
        isKept && entity == other.entity && Set(columns).isSubset(of: other.columns)
    }

    var json: JSONValue {
        var json = JSONObject(["entity": .string(entity), "columns": .array(columns.map(JSONValue.string))])
        if !isKept { json["kept"] = false }
        return .object(json)
    }

    init?(json: JSONValue) {
        guard let entity = json["entity"]?.string, let columns = json["columns"]?.array?.compactMap(\.string),
            !columns.isEmpty
        else { return nil }
        self.init(entity: entity, columns: columns, isKept: json["kept"]?.bool ?? true)
    }
}
