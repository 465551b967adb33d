import HostManifest

/// The query parameters of a list, for its page in the OpenAPI document; `ListQuery` reads them.
enum ListParameters {
    static func all(_ group: RecordGroup) -> [RoutePage.QueryParameter] {
        let sorts = group.entity.sorts.flatMap { ["`\($0)`", "`-\($0)`"] }.joined(separator: ", ")
        var parameters: [RoutePage.QueryParameter] = [
            .init(name: "limit", type: "integer", detail: "How many records, 1 to 200; 50 if not given."),
            .init(name: "cursor", type: "string", detail: "`page.next` of the page before."),
            .init(name: "sort", type: "string", detail: "One of \(sorts); `-created_at` if not given."),
            .init(
                name: "filter[created_at]", type: "string",
                detail:
                    "A column in brackets and a comparison: `gte:2026-01-01T00:00:00Z`, `in:draft`, `null:true`. "
                    + "Comparisons are eq, ne, in, lt, lte, gt, gte, between, prefix, contains and null; "
                    + "every column of the record can be named."),
            .init(
                name: "count", type: "string",
                detail: "`none` (if not given), `capped` to count up to 1,000, or `exact`."),
            fields,
        ]
        if group.entity.fields.contains(where: \.isSearched) {
            parameters.append(.init(name: "q", type: "string", detail: "Words to look for."))
        }
        if group.entity.isArchivable {
            parameters.append(
                .init(
                    name: "filter[archived]", type: "string",
                    detail: "`false` (if not given), `true` for archived ones only, or `any`."))
        }
        return parameters
    }

    /// The parameters of one record.
    static let one = [fields]

    private static let fields = RoutePage.QueryParameter(
        name: "fields", type: "string",
        detail: "The members to show, with commas between them: `number,status`; `id` and `version` always come.")
}
