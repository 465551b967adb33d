import Foundation
import HostModel

/// Ways to ask for another business's records beside their ids: comparisons, aggregates, exports, words, histories.
extension EscapeCases {
    func reads(_ route: APIDescription.Route) -> [EscapeCase] {
        guard route.method == "GET", !route.hasID else { return [] }
        if route.isList { return comparisons(route) + searches(route) }
        guard let entity = description.entity(below: route.pattern), let id = victim.ids[entity] else { return [] }
        switch route.pattern.split(separator: "/").last {
        case "aggregate": return aggregates(route, entity, id)
        case "export": return exports(route, id)
        default: return []
        }
    }

    private func get(
        _ route: APIDescription.Route, _ place: String, _ query: String, _ expectation: EscapeCase.Expectation,
        sent: String
    ) -> EscapeCase {
        EscapeCase(
            route: route.name, place: place, method: "GET", path: "\(route.pattern)?\(query)", body: nil,
            expectation: expectation, sent: sent)
    }

    /// `in` finds nothing; `ne` shows only what one has, which the runner looks at.
    private func comparisons(_ route: APIDescription.Route) -> [EscapeCase] {
        guard let entity = route.answer, let id = victim.ids[entity],
            route.parameters.contains("filter[created_at]")
        else { return [] }
        let pair = "\(id),\(victim.ids.values.sorted().first ?? id)"
        return [
            get(route, "filter[id]=in", "filter%5Bid%5D=in:\(pair)", .empty, sent: victim.ids.values.joined()),
            get(route, "filter[id]=ne", "filter%5Bid%5D=ne:\(id)", .mine, sent: id),
            get(
                route, "filter[archived]=any", "filter%5Barchived%5D=any&filter%5Bid%5D=\(id)",
                hasArchived(entity) ? .empty : .refused, sent: id),
            get(
                route, "updated_since", "filter%5Bid%5D=\(id)&updated_since=2020-01-01T00:00:00Z",
                route.parameters.contains("updated_since") ? .empty : .refused, sent: id),
        ]
    }

    private func hasArchived(_ entity: String) -> Bool {
        description.schemas[entity]?["properties"]?["archived_at"] != nil
    }

    /// The victim's own words.
    private func searches(_ route: APIDescription.Route) -> [EscapeCase] {
        guard route.parameters.contains("q") else { return [] }
        let slip = String(victim.mark.dropLast()) + "x"
        return [victim.mark, String(victim.mark.prefix(5)), slip].map { words in
            get(route, "q=\(words)", "q=\(words)&filter%5Barchived%5D=any", .nothing, sent: words)
        }
    }

    private func aggregates(_ route: APIDescription.Route, _ entity: String, _ id: String) -> [EscapeCase] {
        let references = (description.schemas[entity]?["properties"]?.object?.members ?? [])
            .filter { description.target($0.name, $0.value, of: entity) != nil }.map(\.name)
        return [get(route, "filter[id]", "count=true&filter%5Bid%5D=\(id)", .zero, sent: id)]
            + references.map { get(route, "group=\($0)", "count=true&group=\($0)", .mine, sent: "") }
    }

    private func exports(_ route: APIDescription.Route, _ id: String) -> [EscapeCase] {
        [
            get(route, "filter[id]", "format=ndjson&filter%5Bid%5D=\(id)", .blank, sent: id),
            get(route, "filter[id]=ne", "format=csv&filter%5Bid%5D=ne:\(id)", .mine, sent: id),
        ]
    }
}
