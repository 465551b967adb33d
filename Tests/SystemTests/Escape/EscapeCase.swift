import Foundation
import HostModel

/// One try of the second business to get at a record of the first.
struct EscapeCase: Sendable {
    enum Expectation: Sendable {
        /// 404, 422 or a refusal with 409, 412.
        case refused
        /// A page without records.
        case empty
        /// The same, or a refusal: for a list that has no such parameter.
        case nothing
        /// What is one's own, read before anything is written with the other's words.
        case mine
        /// An aggregate that counts none.
        case zero
        /// An answer without text.
        case blank
        /// 400.
        case badCursor
        /// A record of its own, or a refusal: another business's names and keys mean nothing.
        case own
    }

    /// What it covers: a route's name, and with it the place of the id.
    let route: String
    let place: String
    let method: String
    let path: String
    let body: JSONValue?
    var headers: [String: String] = [:]
    let expectation: Expectation
    /// What the request itself says, and an answer may repeat.
    let sent: String

    var name: String { "\(route) with \(place)" }
}

/// Makes the cases of every route.
struct EscapeCases {
    let description: APIDescription
    /// The business whose ids are used.
    let victim: EscapeFirm
    /// The business that uses them.
    let intruder: EscapeFirm

    func all() -> [EscapeCase] {
        description.routes.filter { !$0.isOpen }.flatMap { route in
            paths(route) + bodies(route) + filters(route) + batches(route) + reads(route)
        }
    }

    /// Somebody's record where no list says what the path's id names.
    private func id(below pattern: String) -> String? {
        victim.place(of: pattern) ?? description.entity(below: pattern).flatMap { victim.ids[$0] }
            ?? (pattern.hasPrefix("/api/platform") ? victim.ids.values.min() : nil)
    }

    private func paths(_ route: APIDescription.Route) -> [EscapeCase] {
        guard route.hasID, let id = id(below: route.pattern) else { return [] }
        let isExternal = route.pattern.hasSuffix("/external/{id}")
        let segment = isExternal ? "\(victim.mark)-external" : id
        let entity = description.entity(below: route.pattern)
        var headers: [String: String] = [:]
        if route.takesVersion, !isExternal { headers["If-Match"] = "\"1\"" }
        if let type = route.mediaType { headers["Content-Type"] = type }
        let body = route.isWrite ? route.body.map { intruder.body($0, entity: entity) } ?? .object([:]) : Optional.none
        return [
            EscapeCase(
                route: route.name, place: "the id in the path", method: route.method,
                path: route.pattern.replacing("{id}", with: segment), body: body, headers: headers,
                expectation: isExternal ? .own : .refused, sent: segment)
        ]
    }

    private func bodies(_ route: APIDescription.Route) -> [EscapeCase] {
        guard route.isWrite, let schema = route.body, !route.pattern.hasSuffix("/batch") else { return [] }
        let entity = description.entity(below: route.pattern) ?? route.answer
        let own = intruder.body(schema, entity: entity)
        return description.references(in: schema, of: entity).compactMap { place in
            guard let id = victim.ids[place.entity] else { return nil }
            var path = route.pattern
            if route.hasID {
                guard let own = entity.flatMap({ intruder.ids[$0] }) else { return nil }
                path = path.replacing("{id}", with: path.hasSuffix("/external/{id}") ? UUID().uuidString : own)
            }
            return EscapeCase(
                route: route.name, place: "/" + place.path.joined(separator: "/"), method: route.method, path: path,
                body: own.replacing(place.path[...], with: .string(id)),
                headers: route.takesVersion && !path.contains("/external/") ? ["If-Match": "\"1\""] : [:],
                expectation: .refused, sent: id)
        }
    }

    private func filters(_ route: APIDescription.Route) -> [EscapeCase] {
        guard route.method == "GET", !route.hasID else { return [] }
        var cases: [EscapeCase] = []
        if let entity = route.answer, route.isList, let properties = description.schemas[entity]?["properties"]?.object
        {
            for (name, schema) in properties.members {
                let target = name == "id" ? entity : description.target(name, schema, of: entity)
                guard let target, let id = victim.ids[target] else { continue }
                cases.append(list(route, "filter[\(name)]", "filter%5B\(name)%5D=\(id)", id))
            }
        }
        for name in route.parameters where name.hasSuffix("_id") {
            guard let id = victim.ids.values.min() else { continue }
            cases.append(list(route, name, "\(name)=\(id)", id))
        }
        return cases
    }

    private func list(_ route: APIDescription.Route, _ place: String, _ query: String, _ id: String) -> EscapeCase {
        EscapeCase(
            route: route.name, place: place, method: "GET", path: "\(route.pattern)?\(query)", body: nil,
            expectation: .empty, sent: id)
    }

    private func batches(_ route: APIDescription.Route) -> [EscapeCase] {
        guard route.pattern.hasSuffix("/batch"), let entity = description.entity(below: route.pattern),
            let id = victim.ids[entity], let items = route.body?["properties"]?["items"]?["items"]?["oneOf"]?.array
        else { return [] }
        return items.flatMap { item -> [EscapeCase] in
            var own = intruder.body(item, entity: entity)
            var places: [(ReferencePlace, String)] = description.references(in: item, of: entity).compactMap { place in
                victim.ids[place.entity].map { (place, $0) }
            }
            if item["properties"]?["id"] != nil {
                own = own.replacing(["id"], with: intruder.ids[entity].map { .string($0) } ?? .null)
                places.append((ReferencePlace(path: ["id"], entity: entity), id))
            }
            return places.flatMap { place, id in
                ["", "?partial=true"].map { query in
                    EscapeCase(
                        route: route.name,
                        place: "\(item["properties"]?["op"]?["const"]?.string ?? "") "
                            + "/items/0/\(place.path.joined(separator: "/"))\(query)",
                        method: "POST", path: route.pattern + query,
                        body: ["items": [own.replacing(place.path[...], with: .string(id))]],
                        expectation: .refused, sent: id)
                }
            }
        }
    }
}
