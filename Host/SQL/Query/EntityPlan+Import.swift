package import Foundation
import HostManifest
package import HostModel

/// A record of an import, ready to be written.
package struct ImportRecord: Sendable {
    package let id: RecordID
    /// The id of its row in `audit.entry`.
    package let entryID: UUID
    /// The row of the file.
    package let number: Int
    /// By column.
    let document: JSONObject
}

/// What became of a record that was there already.
package enum ImportChange: String, Hashable, Sendable {
    case done
    /// It had all these values.
    case same
    /// It is archived and takes no changes.
    case archived
}

extension EntityPlan {
    /// A new record; its values are checked already.
    ///
    /// - Throws: As ``create(_:by:)``.
    package func importRecord(_ record: NewRecord, entryID: UUID, number: Int) throws(Problem) -> ImportRecord {
        ImportRecord(id: record.id, entryID: entryID, number: number, document: try document.new(record))
    }

    /// Changes of a record; `external_id` and `custom` may be among the values.
    ///
    /// - Throws: As ``update(_:version:values:by:)``.
    package func importRecord(
        _ id: RecordID, changing values: [String: JSONValue], entryID: UUID, number: Int
    ) throws(Problem) -> ImportRecord {
        ImportRecord(id: id, entryID: entryID, number: number, document: try document.changes(values))
    }

    /// Stores new records. Rows: the ids of those that were stored.
    ///
    /// - Parameters:
    ///   - records: In the file's order.
    ///   - isSkipping: Leaves out those that break a unique or exclusion constraint; else that is an error.
    ///   - origin: What the audit entries' reasons begin with.
    ///   - context: Who writes.
    package func importNew(
        _ records: [ImportRecord], isSkipping: Bool, origin: String, by context: WriteContext
    ) -> SQLCommand {
        let name = label + (isSkipping ? ".import.some" : ".import.new")
        let statement = SQLStatement(
            name: SQLName.fitted(name), text: imports.insert(skipping: isSkipping),
            effect: table.changed)
        return SQLCommand(statement, Self.parameters(records, origin, context))
    }

    /// Changes records that are there. Rows: id and ``ImportChange``; those that the person may not change are missing.
    package func importChanges(_ records: [ImportRecord], origin: String, by context: WriteContext) -> SQLCommand {
        ScopedStatement(
            name: label + ".import.change", ownerParameter: 8, effect: table.changed, text: imports.update
        )
        .command(Self.parameters(records, origin, context), for: context.scope)
    }

    /// Finds records by a column of texts, or by id. Rows: value, id.
    ///
    /// - Parameter column: `id`, `external_id` or a unique field's column.
    package func importLookup(_ column: String, _ values: [String]) -> SQLCommand {
        let type = column == "id" ? "uuid[]" : "text[]"
        let name = SQLName.quoted(column)
        let text =
            "SELECT t.\(name)::text, t.\"id\"::text FROM \(table.name) t "
            + "WHERE t.\(name) = ANY($1::\(type))\(imports.condition.text)"
        return SQLCommand(
            SQLStatement(name: SQLName.fitted("\(label).import.by.\(column)"), text: text),
            [ArrayText.literal(values)])
    }

    /// Whether leaving out records that break a constraint would tear gaps into numbers that must have none.
    package var importMustNotSkip: Bool { numbersAtCreate.map { !$0.hasGaps } ?? false }

    /// Whether two batches of new records may be written at the same time: neither waits for a lock that the other one
    /// keeps to its end, and no record refers to one that comes before it in the file.
    package var importsSideBySide: Bool {
        let isOwnTarget = table.columns.contains { $0.target == Column.Target(reference) }
        return numbersAtCreate == nil && entity.exclusions.isEmpty && !isOwnTarget
    }

    /// A key in the form in which two that mean the same record are equal.
    package func importKey(_ column: String, _ text: String) -> String {
        guard let type = table.column(column)?.type, type.isLowercased || type.isCaseless else { return text }
        return text.lowercased()
    }

    private static func parameters(
        _ records: [ImportRecord], _ origin: String, _ context: WriteContext
    ) -> [SQLParameter] {
        var documents: [UInt8] = [UInt8(ascii: "[")]
        for record in records {
            if documents.count > 1 { documents.append(UInt8(ascii: ",")) }
            JSONValue.object(record.document).write(into: &documents)
        }
        documents.append(UInt8(ascii: "]"))
        return [
            context.actor.id.parameter, context.actor.kind, origin, String(decoding: documents, as: UTF8.self),
            list(records.map(\.id.description)), list(records.map(\.entryID.parameter)),
            list(records.map { String($0.number) }),
        ]
    }

    /// An array of words that need no quotes.
    private static func list(_ words: [String]) -> String { "{" + words.joined(separator: ",") + "}" }
}
