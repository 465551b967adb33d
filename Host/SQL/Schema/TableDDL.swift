import HostManifest
import HostModel

/// A table's columns, keys, checks and references.
struct TableDDL {
    let table: RecordTable
    private let names: ConstraintNames

    init(_ table: RecordTable) {
        self.table = table
        names = ConstraintNames(table)
    }

    var columns: [ColumnModel] {
        table.columns.map { column in
            ColumnModel(
                name: column.name, type: column.type.definition, isNullable: column.isNullable,
                defaultText: defaultText(column))
        }
    }

    var constraints: [ConstraintModel] {
        [
            ConstraintModel(name: names.primaryKey, kind: .primaryKey, definition: "PRIMARY KEY (business_id, id)"),
            ConstraintModel(
                name: names.reference("business_id"), kind: .business,
                definition: "FOREIGN KEY (business_id) REFERENCES businesses.business (id)"),
        ] + uniques + types + checks + exclusions + references
    }

    /// The references to other record tables: led by the business, so that none leaves it.
    ///
    /// Only lines go with their parent; any other record that is referred to stays.
    private var references: [ConstraintModel] {
        table.columns.compactMap { column in
            guard let target = column.target else { return nil }
            let parts = isLabel(column) ? [table.entity.states?.field ?? "", column.name] : [column.name]
            let keys = isLabel(column) ? "status, id" : "id"
            let cascade = column.name == table.parentColumn ? " ON DELETE CASCADE" : ""
            return ConstraintModel(
                name: names.reference(column.name), kind: .reference,
                definition: "FOREIGN KEY (business_id, \(SQLName.list(parts))) "
                    + "REFERENCES \(SQLName.quoted(target.schema)).\(SQLName.quoted(target.table)) "
                    + "(business_id, \(keys))\(cascade)")
        }
    }

    /// A label is referred to together with the status, so that no record has the label of another one.
    private func isLabel(_ column: Column) -> Bool {
        column.name == StateMachine.labelColumn && table.isOfStatus(column.name)
    }

    private func defaultText(_ column: Column) -> String? {
        switch column.name {
        case "version": return "1"
        case "created_at", "updated_at": return "now()"
        default:
            guard let value = column.defaultValue, let text = column.type.parameter(value) else { return nil }
            return "\(SQLName.literal(text))::\(column.type.name)"
        }
    }

    private var uniques: [ConstraintModel] {
        table.uniqueColumns.map {
            ConstraintModel(
                name: names.unique($0), kind: .unique, definition: "UNIQUE (business_id, \(SQLName.list($0)))")
        }
    }

    private var types: [ConstraintModel] {
        table.columns.compactMap { column in
            column.type.rule(on: column.name).map {
                ConstraintModel(
                    name: names.type(column.name), kind: .check, definition: "CHECK (\($0))",
                    bounds: column.type.bounds)
            }
        }
    }

    private var checks: [ConstraintModel] {
        table.entity.checks.map {
            ConstraintModel(
                name: names.check($0.id), kind: .check, definition: "CHECK (\(ExpressionText().sql($0.expression)))")
        }
    }

    private var exclusions: [ConstraintModel] {
        table.entity.exclusions.map {
            ConstraintModel(
                name: names.exclusion($0.id), kind: .exclude, definition: ExclusionText($0, of: table).definition)
        }
    }
}
