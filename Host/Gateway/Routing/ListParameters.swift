import HostManifest
import HostSQL

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
                    + "every column of the record can be named, and the business's own fields: "
                    + "`filter[custom.colour]=red`."),
            .init(
                name: "count", type: "string",
                detail: "`none` (if not given), `capped` to count up to 1,000, or `exact`."),
            fields,
        ]
        if !group.entity.includes.isEmpty { parameters.append(include(group)) }
        if group.entity.parent == nil || group.entity.sorts.contains("updated_at") {
            parameters.append(
                .init(
                    name: "updated_since", type: "string",
                    detail: "A time: what changed since then, archived records too, in the order of the changes."))
        }
        if group.entity.fields.contains(where: \.isSearched) {
            parameters.append(
                .init(
                    name: "q", type: "string",
                    detail:
                        "Words to look for: records in which each begins a word, 2 to 100 characters, at most 8 words.")
            )
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
    static func one(_ group: RecordGroup) -> [RoutePage.QueryParameter] {
        group.entity.includes.isEmpty ? [fields] : [fields, include(group)]
    }

    static func aggregate(_ group: RecordGroup) -> [RoutePage.QueryParameter] {
        let shared = all(group).filter { $0.name == "q" || $0.name.hasPrefix("filter[") }
        let measures = ["sum", "min", "max"].map {
            RoutePage.QueryParameter(name: $0, type: "string", detail: "Members, with commas between them.")
        }
        return [
            .init(
                name: "group", type: "string",
                detail: "At most two: `status`, `day:created_at`, `week:…`, `month:…` in the business's time."),
            .init(name: "count", type: "string", detail: "`true` or `false`; `true` when nothing else is asked for."),
        ] + measures + shared
    }

    private static func include(_ group: RecordGroup) -> RoutePage.QueryParameter {
        let names = group.plan.includeNames.map { "`\($0)`" }.joined(separator: ", ")
        return .init(name: "include", type: "string", detail: "Records to show beside each: \(names).")
    }

    private static let fields = RoutePage.QueryParameter(
        name: "fields", type: "string",
        detail: "The members to show, with commas between them: `number,status`; `id` and `version` always come.")
}
