import HostManifest
package import HostModel

/// Makes the text of an aggregate.
struct AggregateText {
    let form: RecordForm
    let condition: MountCondition

    /// Rows, one more than ``AggregateQuery/groupCountMax`` at most, in the order of their groups: the JSON of a group,
    /// and whether a sum is too large. All of a sum is computed as numeric, so none overflows on the way.
    func text(_ query: AggregateQuery, isOwn: Bool) -> String {
        var parameters = ParameterNumbers()
        let rows = ConditionText(form: form).rows(ListShape(query.records, isOwn: isOwn), &parameters)
        let groups = query.groupings.indices.map { "g\($0)" }
        let values = query.measures.enumerated().map { "\($1.function.rawValue)(r.v\($0)) AS m\($0)" }
        let columns =
            zip(groups, query.groupings).map { "\(expression($1)) AS \($0)" }
            + query.measures.enumerated().map { "t.\(SQLName.quoted($1.column)) AS v\($0)" }
        let list = groups.joined(separator: ", ")
        let grouped = groups.isEmpty ? "" : " GROUP BY \(list) ORDER BY \(list)"
        return "SELECT \(json(query))::text, (\(overflow(query)))::text FROM ("
            + "SELECT \((groups + values + ["count(*) AS n"]).joined(separator: ", ")) "
            + "FROM (SELECT \(columns.joined(separator: ", ")) FROM \(rows.source) "
            + "WHERE \((rows.conditions + ["true"]).joined(separator: " AND "))\(condition.text)) r"
            + "\(grouped) LIMIT \(AggregateQuery.groupCountMax + 1)) a"
    }

    /// The business's own time zone, whoever asks from wherever.
    private static let timeZone =
        "(SELECT b.time_zone FROM businesses.business b WHERE b.id = \(AuditText.business))"

    private func expression(_ grouping: AggregateQuery.Grouping) -> String {
        let column = "t." + SQLName.quoted(grouping.column)
        guard let unit = grouping.unit else { return column }
        let isDate = form.table.column(grouping.column)?.type.format == .date
        let local = isDate ? "\(column)::timestamp" : "(\(column) AT TIME ZONE \(Self.timeZone))"
        return "date_trunc('\(unit.rawValue)', \(local))::date"
    }

    private func json(_ query: AggregateQuery) -> String {
        var members: [String] = []
        if !query.groupings.isEmpty {
            let groups = query.groupings.enumerated().map { "\(SQLName.literal($1.description)), a.g\($0)" }
            members.append("'group', json_build_object(\(groups.joined(separator: ", ")))")
        }
        if query.hasCount { members.append("'count', a.n") }
        for function in AggregateQuery.Measure.Function.allCases {
            let values = query.measures.enumerated().filter { $1.function == function }
                .map { "\(SQLName.literal($1.column)), a.m\($0)" }
            guard !values.isEmpty else { continue }
            members.append("'\(function.rawValue)', json_build_object(\(values.joined(separator: ", ")))")
        }
        return "json_build_object(\(members.joined(separator: ", ")))"
    }

    private func overflow(_ query: AggregateQuery) -> String {
        let sums = query.measures.enumerated().filter { $1.function == .sum }
            .map { "coalesce(abs(a.m\($0.offset)) > \(AggregateQuery.exactMax), false)" }
        return sums.isEmpty ? "false" : sums.joined(separator: " OR ")
    }
}

extension EntityPlan {
    /// Computes numbers over records. Rows, ``AggregateQuery/groupCountMax`` and one at most: the JSON of a group, and
    /// `true` when a sum in it is too large to be exact.
    package func aggregate(_ query: AggregateQuery, for scope: RecordScope) -> SQLCommand {
        let text = AggregateText(form: form, condition: lists.text.condition)
            .text(query, isOwn: scope.owner != nil)
        let values = ListShape(query.records, isOwn: scope.owner != nil).values(of: query.records, owner: scope.owner)
        return SQLCommand(SQLStatement(name: nil, text: text, effect: .none), values)
    }
}
