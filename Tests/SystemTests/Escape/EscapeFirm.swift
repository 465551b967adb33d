import Foundation
import HostModel
import Testing

/// A business with at least one record of every entity that the API can make, made from the OpenAPI document alone.
struct EscapeFirm: Sendable {
    let firm: Firm
    let description: APIDescription
    let mark: String
    /// One record's id by entity; files of the platform are `File`.
    private(set) var ids: [String: String] = [:]
    /// By the path that made it: under a mount, and of what is no entity.
    private(set) var places: [String: String] = [:]
    private(set) var refusals: [String: String] = [:]
    private var number = 0

    init(_ firm: Firm, _ description: APIDescription, mark: String) {
        self.firm = firm
        self.description = description
        self.mark = mark
    }

    /// Makes what can be made, then walks through the actions, which make what operations alone make.
    mutating func fill() async throws {
        for _ in 0..<3 {
            for route in description.routes where isCreate(route) && places[route.pattern] == nil {
                try await create(route)
            }
            try await makePlatform()
            for _ in 0..<3 { try await act() }
            try await look()
        }
    }

    /// The entities that have a list and no record yet.
    var missing: [String] {
        Set(description.routes.filter(\.isList).compactMap(\.answer)).subtracting(ids.keys).sorted()
    }

    func body(_ schema: JSONValue, entity: String?, isFull: Bool = true, number: Int = 1) -> JSONValue {
        sample(entity, number: number, isFull: isFull).make(schema)
    }

    private func sample(_ entity: String?, number: Int, isFull: Bool = true) -> SampleBody {
        SampleBody(description: description, mark: mark, entity: entity, ids: ids, number: number, isFull: isFull)
    }

    private func isCreate(_ route: APIDescription.Route) -> Bool {
        route.method == "POST" && !route.hasID && route.body != nil && route.answer != nil && !route.isOpen
    }

    private mutating func create(_ route: APIDescription.Route) async throws {
        guard let entity = route.answer, let schema = route.body else { return }
        number += 1
        let answer = try await post(route.pattern, schema, entity: entity)
        if answer.status == 201, let id = answer.json["id"]?.string {
            ids[entity] = ids[entity] ?? id
            places[route.pattern] = id
            refusals[entity] = nil
        } else {
            refusals[entity] = answer.text
        }
    }

    /// Sends a sample, and again without the members that were at fault and with those that were missing.
    func post(_ path: String, _ schema: JSONValue, entity: String?) async throws -> Answer {
        var body = self.body(schema, entity: entity, number: number)
        var answer = try await firm.client.post(path, body)
        let required = Set((schema["required"]?.array ?? []).compactMap(\.string))
        for round in 0..<8 where answer.status == 422 || answer.status == 409 {
            let faults = answer.json["errors"]?.array ?? []
            guard !faults.isEmpty else { break }
            for fault in faults {
                var place = (fault["path"]?.string ?? "").split(separator: "/").map(String.init)
                // What can't be mended is left out as a whole.
                let isHopeless = round > 2 && place.count > 1 && !required.contains(place[0])
                if isHopeless { place = [place[0]] }
                guard !place.isEmpty else { continue }
                if fault["code"] == "required", !isHopeless {
                    let other = sample(entity, number: number).value(at: place[...], schema)
                    body = body.replacing(place[...], with: other ?? .string("\(mark)-\(number)"))
                } else {
                    body = body.removing(place[...])
                }
            }
            answer = try await firm.client.post(path, body)
        }
        return answer
    }

    /// The id of what was made below a path.
    func place(of pattern: String) -> String? {
        places.filter { pattern.hasPrefix($0.key + "/") }.max { $0.key.count < $1.key.count }?.value
    }

    /// Makes what is no entity: files, imports.
    mutating func makePlatform() async throws {
        for route in description.routes where route.method == "POST" && !route.hasID && route.answer == nil {
            guard !route.isOpen, route.pattern.hasPrefix("/api/platform") else { continue }
            let answer: Answer
            if let type = route.mediaType {
                let bytes = Array("\(mark),1\n".utf8)
                answer = try await firm.client.send(
                    "POST", route.pattern + "?name=\(mark).csv", body: bytes, headers: ["Content-Type": type])
            } else if let schema = route.body {
                let body = self.body(schema, entity: nil).replacing(["entity"], with: "core.party")
                answer = try await firm.client.post(route.pattern, body)
            } else {
                continue
            }
            if let id = answer.json["id"]?.string { places[route.pattern] = id }
        }
    }

    /// Asks for every action of the records once; most are refused by their status, and some go through.
    private mutating func act() async throws {
        for route in description.routes where route.method == "POST" && route.hasID {
            let isEnd = ["archive", "cancel", "void", "decline"].contains { route.pattern.hasSuffix("/\($0)") }
            guard !isEnd, let entity = description.entity(below: route.pattern), let id = ids[entity] else { continue }
            number += 1
            let path = route.pattern.replacing("{id}", with: id)
            let answer: Answer
            if let schema = route.body {
                answer = try await post(path, schema, entity: entity)
            } else {
                answer = try await firm.client.post(path)
            }
            refusals[route.name] = answer.status < 300 ? nil : answer.text
        }
    }

    /// Finds what actions made; again and again, since lines are replaced.
    private mutating func look() async throws {
        for route in description.routes where route.isList && !route.hasID {
            guard let entity = route.answer, places[route.pattern] == nil else { continue }
            let page = try await firm.client.get("\(route.pattern)?limit=1")
            if let id = page.json["data"]?[0]?["id"]?.string { ids[entity] = id }
        }
    }
}
