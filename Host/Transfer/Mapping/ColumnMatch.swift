import HostManifest
import HostModel

/// Finds what each column of a file is, from the mapping and from the names.
struct ColumnMatch {
    let mapping: ImportMapping
    let target: ImportTarget

    /// Which members of a body a file may fill beside the declared fields.
    private static let open = [
        Field(name: "id", type: .uuid), Field(name: "external_id", type: .text(min: 1, max: 200, pattern: nil)),
        Field(name: "custom", type: .json),
    ]

    private var fields: [Field] { target.fields + Self.open }

    /// The plan of a column; nil for one that is left out.
    ///
    /// - Throws: `validation_failed` with the column, for one that fits nothing.
    func plan(_ column: String) throws(Problem) -> ColumnPlan? {
        if let rule = mapping.columns[column] {
            guard let rule else { return nil }
            guard let plan = try plan(column, rule) else {
                throw ImportMapping.invalid(
                    "/columns/\(column)", "unknown_field", "There is no field \(rule.field) that can be imported.")
            }
            return plan
        }
        if let plan = try plan(column, ImportMapping.Rule(field: column)) { return plan }
        if target.hostMembers.contains(column) || column == ImportMapping.faultColumn { return nil }
        if let field = labelled(column) { return try plan(column, ImportMapping.Rule(field: field.column)) }
        guard mapping.ignoresOthers else {
            throw ImportMapping.invalid(
                "/columns/\(column)", "unmapped_column",
                "The column \(column.debugDescription) fits no field: map it to one, or to null to leave it out.")
        }
        return nil
    }

    /// Nil for a field that there isn't, or that only the host writes.
    private func plan(_ column: String, _ rule: ImportMapping.Rule) throws(Problem) -> ColumnPlan? {
        if let field = fields.first(where: { $0.column == rule.field || $0.name == rule.field }) {
            guard !field.isReadOnly else { return nil }
            let cell = try cell(field.type, rule, column)
            return ColumnPlan(column: column, destination: .member(field), rule: rule, cell: cell)
        }
        guard let dot = rule.field.firstIndex(of: ".") else { return nil }
        let owner = String(rule.field[..<dot])
        let member = String(rule.field[rule.field.index(after: dot)...])
        if owner == "custom", let field = target.custom.first(where: { $0.name == member }) {
            let cell = try cell(field.type, rule, column)
            return ColumnPlan(column: column, destination: .custom(member), rule: rule, cell: cell)
        }
        guard let field = target.fields.first(where: { $0.name == owner || $0.column == owner }), !field.isReadOnly,
            case .reference(let entity) = field.type, target.keys[entity]?.contains(member) == true
        else { return nil }
        let cell = try cell(.text(min: 0, max: .max, pattern: nil), rule, column)
        let key = RecordKey(entity: entity, column: member)
        return ColumnPlan(column: column, destination: .lookup(field, key), rule: rule, cell: cell)
    }

    private func cell(
        _ type: FieldType, _ rule: ImportMapping.Rule, _ column: String
    ) throws(Problem) -> CellReading {
        do throws(CellReading.Refusal) {
            return try CellReading(type, rule, currency: target.currency, timeZone: target.timeZone)
        } catch {
            throw ImportMapping.invalid("/columns/\(column)", "unsupported", error.detail)
        }
    }

    /// `Display name`, `display-name` and `DISPLAY_NAME` are `display_name`.
    private func labelled(_ column: String) -> Field? {
        let wanted = Self.label(column)
        return fields.first { !$0.isReadOnly && (Self.label($0.name) == wanted || Self.label($0.column) == wanted) }
    }

    private static func label(_ name: String) -> String {
        name.lowercased().filter { !" _-".contains($0) }
    }
}
