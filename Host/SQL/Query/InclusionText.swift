import HostManifest

/// The SQL text of included records: scalar subqueries beside a row's own members, in the one statement of the answer.
///
/// Measured with pgbench against a second query for all references of the page: 3,700 to 3,350 pages of 20 a second,
/// 537 to 496 of 200. Each record is one look at a primary key, and nothing has to be put together in the host.
struct InclusionText {
    /// The parameter with the user, where some access is `own`.
    let viewer: String

    /// `(SELECT …) AS "party"`.
    func member(_ included: Included, of alias: String, depth: Int = 1) -> String {
        let inclusion = included.inclusion
        let (row, source) = ("i\(depth)", "c\(depth)")
        let own = inclusion.table.shownColumns.map { $0.member(source) }
        let nested = included.nested.map { member($0, of: source, depth: depth + 1) }
        let rows =
            "SELECT \((own + nested).joined(separator: ", ")) FROM \(inclusion.table.name) \(source) "
            + "WHERE \(condition(included, source, of: alias))"
        return "\(json(inclusion, row, rows)) AS \(SQLName.quoted(inclusion.member))"
    }

    private func json(_ inclusion: Inclusion, _ row: String, _ rows: String) -> String {
        switch inclusion.link {
        case .reference: return "(SELECT row_to_json(\(row)) FROM (\(rows)) \(row))"
        case .children:
            let hasPosition = inclusion.table.column("position") != nil
            let order = hasPosition ? "\(row).\"position\", \(row).\"id\"" : "\(row).\"id\""
            return "(SELECT coalesce(json_agg(row_to_json(\(row)) ORDER BY \(order)), '[]'::json) "
                + "FROM (\(rows)) \(row))"
        }
    }

    private func condition(_ included: Included, _ source: String, of alias: String) -> String {
        switch included.inclusion.link {
        case .children:
            let parent = included.inclusion.table.parentColumn ?? "id"
            return "\(source).\(SQLName.quoted(parent)) = \(alias).\"id\""
        case .reference(let column):
            return "\(source).\"id\" = \(alias).\(SQLName.quoted(column))" + reach(included, source)
        }
    }

    /// Archived records are shown: a document goes on naming its customer.
    private func reach(_ included: Included, _ source: String) -> String {
        let ways = included.access.map { access in
            MountCondition(access.mount, of: included.inclusion.table).text(on: source)
                + (access.isOwn ? " AND \(source).\"created_by\" = \(viewer)::uuid" : "")
        }
        guard !ways.contains("") else { return "" }
        return " AND (" + (["false"] + ways.map { "(true\($0))" }).joined(separator: " OR ") + ")"
    }
}
