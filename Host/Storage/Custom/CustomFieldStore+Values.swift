package import HostManifest
package import HostModel
import HostPostgres
package import HostSQL

extension CustomFieldStore {
    /// Values of a write whose `custom` fits the business's fields, and what must hold beside in its transaction.
    package struct Checked: Sendable {
        package let values: [String: JSONValue]
        /// Run before the write; fails when a record that is named isn't there. At most one statement.
        let expectations: [SQLCommand]
        /// Whether the write may change what records are found by.
        let hasValues: Bool

        /// Run after the write of the record, whose row is held then: indexes it as it is now. At most one statement.
        func indexing(_ id: RecordID, of plan: EntityPlan) -> [SQLCommand] {
            hasValues ? [CustomFieldStore.indexing([id], of: plan)] : []
        }
    }

    /// Checks the member `custom` of a record's values. A change without it costs nothing.
    ///
    /// - Throws: `validation_failed` with every fault, at `/custom/<key>`.
    package func checked(
        _ values: [String: JSONValue], of plan: EntityPlan, for write: CustomFields.Write, in scope: TenantScope
    ) async throws(Problem) -> Checked {
        let custom = values["custom"]?.object
        guard write == .creation || custom != nil else {
            return Checked(values: values, expectations: [], hasValues: false)
        }
        let fields = try await fields(of: plan.reference, in: scope)
        let (checked, references) = try fields.checked(custom, for: write)
        var values = values
        if custom != nil { values["custom"] = .object(checked) }
        return Checked(
            values: values, expectations: references.isEmpty ? [] : [Self.expecting(references)],
            // A line goes with its document and is never indexed.
            hasValues: !checked.names.isEmpty && plan.entity.parent == nil)
    }

    /// Names, keys and ids are words that need no quotes in an array.
    private static func expecting(_ references: [CustomFields.Reference]) -> SQLCommand {
        func list(_ words: [String]) -> String { "{" + words.joined(separator: ",") + "}" }
        return SQLCommand(
            CustomFieldStatements.expect,
            [
                list(references.map(\.target.plugin.description)), list(references.map(\.target.name)),
                list(references.map(\.id)), list(references.map(\.key)),
            ])
    }

    static func indexing(_ records: [RecordID], of plan: EntityPlan) -> SQLCommand {
        let ids = "{" + records.map(\.description).joined(separator: ",") + "}"
        return SQLCommand(
            CustomFieldStatements.index, [plan.reference.plugin.description, plan.reference.name, ids])
    }

    /// The fields in use of an entity that the caller sees; from memory, but for the first time.
    package func fields(of entity: EntityReference, in scope: TenantScope) async throws(Problem) -> CustomFields {
        let fields = try await fields(in: scope)[entity] ?? .none
        return fields.without(scope.veil.keys(of: entity.description))
    }

    private func fields(in scope: TenantScope) async throws(Problem) -> [EntityReference: CustomFields] {
        let (known, ticket) = cache.lookup(scope.business)
        if let known { return known }
        // Outside a joined transaction: what is kept must be what others see.
        let rows = try await lane.read(SQLCommand(CustomFieldStatements.inUse, []), in: scope.alone)
        var found: [EntityReference: [CustomField]] = [:]
        for row in 0..<rows.count {
            guard let entity = rows.text(row, 0).flatMap({ EntityReference($0) }), let field = CustomField(rows, row)
            else {
                throw .failed
            }
            found[entity, default: []].append(field)
        }
        let fields = found.mapValues { CustomFields($0) }
        cache.keep(fields, of: scope.business, ticket)
        return fields
    }
}

extension RecordStore {
    /// The business's own fields that query parameters may name; without asking, when none names one.
    package func customFields(
        of plan: EntityPlan, for parameters: [(name: String, value: String)], in scope: TenantScope
    ) async throws(Problem) -> CustomFields {
        guard parameters.contains(where: { $0.name.hasPrefix("filter[custom.") }) else { return .none }
        return try await customFields.fields(of: plan.reference, in: scope)
    }
}

extension CustomField {
    /// A row of `CustomFieldStatements.inUse`.
    fileprivate init?(_ rows: Rows, _ row: Int) {
        guard let key = rows.text(row, 1), let kind = rows.text(row, 2).flatMap(Kind.init(rawValue:)),
            let options = rows.bytes(row, 4).flatMap({ try? JSONParser.parse($0) })?.array
        else { return nil }
        self.init(
            key: key, kind: kind, isRequired: rows.text(row, 3) == "true", options: options.compactMap(\.string),
            target: rows.text(row, 5).flatMap { EntityReference($0) },
            index: rows.text(row, 6).map { Index(field: $0, isReady: rows.text(row, 7) == "true") })
    }
}
