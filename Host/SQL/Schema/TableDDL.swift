import HostManifest
import HostModel

/// A table with its columns, keys and checks.
struct TableDDL {
    let table: RecordTable
    private let names: ConstraintNames

    init(_ table: RecordTable) {
        self.table = table
        names = ConstraintNames(table)
    }

    /// `CREATE TABLE`, with everything but the references to other record tables.
    var create: String {
        let key = "PRIMARY KEY (business_id, id)"
        let business = "FOREIGN KEY (business_id) REFERENCES businesses.business (id)"
        let constraints =
            [(names.primaryKey, key), (names.reference("business_id"), business)] + uniques + types + checks
        let lines =
            table.columns.map(definition) + constraints.map { "CONSTRAINT \(SQLName.quoted($0.0)) \($0.1)" }
        return "CREATE TABLE \(table.name) (\n    \(lines.joined(separator: ",\n    "))\n)"
    }

    /// The references to other record tables: led by the business, so that none leaves it.
    ///
    /// Only lines go with their parent; any other record that is referred to stays.
    var references: [String] {
        table.columns.compactMap { column in
            guard let target = column.target else { return nil }
            let cascade = column.name == table.parentColumn ? " ON DELETE CASCADE" : ""
            return "ALTER TABLE \(table.name) ADD CONSTRAINT \(SQLName.quoted(names.reference(column.name))) "
                + "FOREIGN KEY (business_id, \(SQLName.quoted(column.name))) "
                + "REFERENCES \(SQLName.quoted(target.schema)).\(SQLName.quoted(target.table)) "
                + "(business_id, id)\(cascade)"
        }
    }

    private func definition(_ column: Column) -> String {
        let null = column.isNullable ? "" : " NOT NULL"
        return "\(SQLName.quoted(column.name)) \(column.type.name)\(null)\(defaultClause(column))"
    }

    private func defaultClause(_ column: Column) -> String {
        switch column.name {
        case "version": return " DEFAULT 1"
        case "created_at", "updated_at": return " DEFAULT now()"
        default:
            guard let value = column.defaultValue, let text = column.type.parameter(value) else { return "" }
            return " DEFAULT \(SQLName.literal(text))::\(column.type.name)"
        }
    }

    private var uniques: [(String, String)] {
        table.uniqueColumns.map { (names.unique($0), "UNIQUE (business_id, \(SQLName.list($0)))") }
    }

    private var types: [(String, String)] {
        table.columns.compactMap { column in
            column.type.rule(on: column.name).map { (names.type(column.name), "CHECK (\($0))") }
        }
    }

    private var checks: [(String, String)] {
        table.entity.checks.map { (names.check($0.id), "CHECK (\(CheckText($0.expression, of: table).sql))") }
    }
}
