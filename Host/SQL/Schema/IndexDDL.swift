/// The indexes of a table: one behind every sort, every reference and every declared list of columns.
struct IndexDDL {
    let table: RecordTable

    init(_ table: RecordTable) {
        self.table = table
    }

    var indexes: [IndexModel] {
        let names = ConstraintNames(table)
        let external = IndexModel(
            name: names.externalID, isUnique: true,
            definition: "ON \(table.name) (business_id, external_id) WHERE external_id IS NOT NULL")
        // The id last: it orders equal values, so that a page starts at one place of the index.
        let plain = table.indexedColumns.map { columns in
            IndexModel(
                name: names.index(columns), isUnique: false,
                definition: "ON \(table.name) (business_id, \(SQLName.list(columns)), id)")
        }
        return [external] + plain
    }
}
