import HostManifest
import HostModel

/// Makes the text of a list from its shape.
///
/// Each page reads an index `(business_id, column, id)` from one place on: no OFFSET, no sort.
struct ListText: Sendable {
    let form: RecordForm
    let label: String
    let condition: MountCondition

    func statement(_ shape: ListShape) -> SQLStatement {
        var parameters = ParameterNumbers()
        let limit = shape.limit.map { "LIMIT \($0)" } ?? "LIMIT $\(parameters.next())::int"
        let rows = ConditionText(form: form).rows(shape, &parameters)
        let pages = starts(shape, &parameters).map { start in page(shape.sort, rows, start, limit) }
        let viewer = shape.selection.hasViewer ? "$\(parameters.next())" : ""
        let json = form.selected(shape.selection, of: "r", viewer: viewer)
        let text =
            "SELECT \(json)::text AS json, r.\(SQLName.quoted(shape.sort.column))::text AS key, r.\"id\"::text AS id "
            + "FROM (\(pages.joined(separator: " UNION ALL "))) r ORDER BY \(order(shape.sort, "r")) \(limit)"
        return SQLStatement(
            name: shape.name(in: form.table).map { SQLName.fitted("\(label).\($0)") },
            text: shape.isByteBound ? byteBound(text) : text, effect: .none)
    }

    /// How many records the list has, on all its pages; the parameters are the list's without limit and position.
    func count(_ shape: ListShape, upTo bound: Int?) -> SQLStatement {
        var parameters = ParameterNumbers()
        let rows = ConditionText(form: form).rows(shape, &parameters)
        let limit = bound.map { " LIMIT \($0)" } ?? ""
        let text =
            "SELECT count(*)::text FROM (SELECT FROM \(rows.source) "
            + "WHERE \((rows.conditions + ["true"]).joined(separator: " AND "))\(condition.text)\(limit)) c"
        return SQLStatement(name: nil, text: text, effect: .none)
    }

    /// Leaves out the rows behind the one that fills the page. That one stays, so the host sees that there are more.
    private func byteBound(_ rows: String) -> String {
        "SELECT p.json, p.key, p.id FROM (SELECT q.*, "
            + "sum(octet_length(q.json)) OVER (ROWS UNBOUNDED PRECEDING) AS bytes "
            + "FROM (\(rows)) q) p WHERE p.bytes - octet_length(p.json) <= \(ListQuery.pageBytesMax)"
    }

    private func page(
        _ sort: ListQuery.Sort, _ rows: ConditionText.Rows, _ start: [String], _ limit: String
    ) -> String {
        let all = (rows.conditions + start).isEmpty ? ["true"] : rows.conditions + start
        return "(SELECT \(form.rawMembers("t")) FROM \(rows.source) "
            + "WHERE \(all.joined(separator: " AND "))\(condition.text) ORDER BY \(order(sort, "t")) \(limit))"
    }

    private func order(_ sort: ListQuery.Sort, _ alias: String) -> String {
        let direction = sort.isDescending ? " DESC" : ""
        guard sort.column != "id" else { return "\(alias).\"id\"\(direction)" }
        return "\(alias).\(SQLName.quoted(sort.column))\(direction), \(alias).\"id\"\(direction)"
    }

    /// The conditions that start the page, one list for each part of the index that it reads.
    ///
    /// NULL sorts after every value, but no comparison with it holds: a page that goes on from the values to the
    /// NULLs (ascending), or from the NULLs to the values (descending), reads two parts.
    private func starts(_ shape: ListShape, _ parameters: inout ParameterNumbers) -> [[String]] {
        guard shape.start != .first, let column = form.table.column(shape.sort.column) else { return [[]] }
        let quoted = "t." + SQLName.quoted(column.name)
        let sign = shape.sort.isDescending ? "<" : ">"
        guard shape.start == .value else {
            let nulls = ["\(quoted) IS NULL", "t.\"id\" \(sign) $\(parameters.next())::uuid"]
            return shape.sort.isDescending ? [nulls, ["\(quoted) IS NOT NULL"]] : [nulls]
        }
        let key = "$\(parameters.next())::\(column.type.name)"
        let values = ["(\(quoted), t.\"id\") \(sign) (\(key), $\(parameters.next())::uuid)"]
        return column.isNullable && !shape.sort.isDescending ? [values, ["\(quoted) IS NULL"]] : [values]
    }
}
