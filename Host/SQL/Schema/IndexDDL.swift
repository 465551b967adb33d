import HostManifest

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
        // Orders by bytes, whatever the locale, so that a prefix is one range of it.
        let prefixes = table.prefixIndexedColumns.map { columns in
            IndexModel(
                name: names.prefixIndex(columns), isUnique: false,
                definition: "ON \(table.name) (business_id, \(SQLName.quoted(columns[0])) text_pattern_ops"
                    + columns.dropFirst().map { ", " + SQLName.quoted($0) }.joined() + ", id)")
        }
        return [external] + partial(names) + plain + prefixes
    }

    /// What is unique among some of the rows: a constraint can't say which, an index can.
    private func partial(_ names: ConstraintNames) -> [IndexModel] {
        table.entity.unique.compactMap { unique in
            unique.condition.map { condition in
                IndexModel(
                    name: names.unique(unique.columns), isUnique: true,
                    definition: "ON \(table.name) (business_id, \(SQLName.list(unique.columns))) "
                        + "WHERE \(ExpressionText().sql(condition))")
            }
        }
    }
}
