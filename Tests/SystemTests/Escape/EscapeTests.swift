import Foundation
import HostModel
import Testing

/// No id of one business does anything for another, on any route: generated from the OpenAPI document, so that a new
/// entity or operation is covered by being there.
struct EscapeTests {
    @Test func `no route gives or changes anything of another business`() async throws {
        let server = try await ThorbisServer.gallery.value
        try await DatabaseDigest.withDigest(of: server) { digest in
            let victim = try await firm("Quokkaone", server, digest)
            let intruder = try await firm("Numbattwo", server, digest)
            let refusals = victim.refusals.map { "\($0): \($1)" }.sorted().joined(separator: "\n")
            #expect(victim.missing == [], "no record was made of these; \(refusals)")
            let cases =
                EscapeCases(description: victim.description, victim: victim, intruder: intruder).all()
                + (try await cursors(victim)) + (try await repeated(victim, intruder))
            covers(cases, victim.description)
            print("escape tests: \(cases.count) cases over \(Set(cases.map(\.route)).count) routes")
            let exports = cases.filter { $0.path.contains("/export?") }
            let refused = cases.filter { escape in
                if case .own = escape.expectation { false } else { !escape.path.contains("/export?") }
            }
            let own = try await digest.rows(of: intruder.firm.businessID)
            let before = try await digest.rows(of: victim.firm.businessID)
            #expect(before.count > 5)
            try await real(refused, of: victim)
            try await run(refused, victim, intruder)
            let ways = EscapeWays(
                description: victim.description, victim: victim, intruder: intruder, digest: digest)
            try await ways.includes()
            try await ways.lines()
            #expect(try await digest.rows(of: victim.firm.businessID) == before, "the other's rows")
            #expect(try await digest.rows(of: intruder.firm.businessID) == own, "a refused request's own rows")
            // An export tells one's own trail that it was made, and there are only a few at once.
            try await run(exports, victim, intruder, width: 1)
            try await run(cases.filter { if case .own = $0.expectation { true } else { false } }, victim, intruder)
            #expect(try await digest.rows(of: victim.firm.businessID) == before, "the other's rows")
            try await ways.imports()
            #expect(try await digest.rows(of: victim.firm.businessID) == before, "the other's rows")
            try await ways.externalIDs()
        }
    }

    /// A business with every feature, so that every route answers for itself.
    private func firm(_ mark: String, _ server: ThorbisServer, _ digest: DatabaseDigest) async throws -> EscapeFirm {
        let firm = try await Firm.signUp(mark, at: server.baseURL)
        try await digest.setTier("fortune500", of: firm.businessID)
        var made = EscapeFirm(firm, try await APIDescription.read(from: firm), mark: mark)
        try await made.fill()
        return made
    }

    /// The ids are those of records: their owner reads every one of them by the very paths that the other one tries.
    private func real(_ cases: [EscapeCase], of victim: EscapeFirm) async throws {
        let reads = cases.filter {
            $0.method == "GET" && $0.path.hasSuffix($0.sent)
        }
        let found = reads.filter { !$0.path.contains("?") }
        #expect(found.count > 10)
        for read in found where victim.description.entity(below: read.path) != nil {
            #expect(try await victim.firm.client.get(read.path).status == 200, "\(read.name)")
        }
    }

    /// Every route that takes an id has a case.
    private func covers(_ cases: [EscapeCase], _ description: APIDescription) {
        let covered = Set(cases.map(\.route))
        for route in description.routes where !route.isOpen {
            let places = route.body.map { description.references(in: $0, of: description.entity(below: route.pattern)) }
            guard route.hasID || route.isList || places?.isEmpty == false else { continue }
            let isCovered = covered.contains(route.name)
            #expect(isCovered, "no case for \(route.name)")
        }
    }

    /// The cursor of the victim's page, used by the intruder.
    private func cursors(_ victim: EscapeFirm) async throws -> [EscapeCase] {
        var cases: [EscapeCase] = []
        for route in victim.description.routes where route.isList && !route.hasID {
            let creates = victim.description.routes.first { $0.name == "POST \(route.pattern)" && $0.body != nil }
            if let creates, let schema = creates.body {
                let body = victim.body(schema, entity: route.answer, isFull: false, number: 77)
                _ = try await victim.firm.client.post(route.pattern, body)
            }
            let page = try await victim.firm.client.get("\(route.pattern)?limit=1")
            guard let cursor = page.json["page"]?["next"]?.string else { continue }
            cases.append(
                EscapeCase(
                    route: route.name, place: "a cursor", method: "GET",
                    path: "\(route.pattern)?limit=1&cursor=\(cursor)", body: nil, expectation: .badCursor, sent: cursor)
            )
        }
        return cases
    }

    /// The victim's `Idempotency-Key`, sent by the intruder with the same body.
    private func repeated(_ victim: EscapeFirm, _ intruder: EscapeFirm) async throws -> [EscapeCase] {
        var cases: [EscapeCase] = []
        for route in victim.description.routes where route.takesKey && route.method == "POST" && !route.hasID {
            guard let schema = route.body, route.answer != nil else { continue }
            let key = UUID().uuidString
            let body = victim.body(schema, entity: route.answer, isFull: false, number: 88)
            _ = try await victim.firm.client.post(route.pattern, body, headers: ["Idempotency-Key": key])
            cases.append(
                EscapeCase(
                    route: route.name, place: "an Idempotency-Key", method: "POST", path: route.pattern, body: body,
                    headers: ["Idempotency-Key": key], expectation: .own, sent: body.text))
        }
        return cases
    }

    // MARK: Running

    private func run(
        _ cases: [EscapeCase], _ victim: EscapeFirm, _ intruder: EscapeFirm, width: Int = 8
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<width {
                group.addTask {
                    for index in stride(from: lane, to: cases.count, by: width) {
                        try await self.try(cases[index], victim, intruder)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func `try`(_ escape: EscapeCase, _ victim: EscapeFirm, _ intruder: EscapeFirm) async throws {
        let answer = try await intruder.firm.client.send(
            escape.method, escape.path, body: escape.body?.utf8, headers: escape.headers)
        let isExpected = self.isExpected(answer, escape)
        #expect(isExpected, "\(escape.name): \(answer.status) \(answer.text)")
        for (entity, id) in victim.ids where !escape.sent.contains(id) {
            #expect(!answer.text.contains(id), "\(escape.name) names a \(entity) of the other business")
        }
        if !escape.sent.contains(victim.mark) {
            #expect(!answer.text.contains(victim.mark), "\(escape.name) shows a text of the other business")
        }
        #expect(answer.header("Idempotency-Replayed") == nil, "\(escape.name)")
    }

    private func isExpected(_ answer: Answer, _ escape: EscapeCase) -> Bool {
        switch escape.expectation {
        case .refused:
            let item = answer.json["items"]?[0]?["status"]?.int
            let status = answer.status == 200 ? Int(item ?? 200) : answer.status
            return [404, 409, 412, 422].contains(status)
        case .nothing: return answer.status == 422 || answer.status == 200 && answer.json["data"] == []
        // A role may have no right to export at all.
        case .mine: return answer.status == 200 || answer.code == "forbidden"
        case .zero: return answer.status == 200 && answer.json["data"]?[0]?["count"] == 0
        case .blank: return answer.status == 200 && answer.text.isEmpty || answer.code == "forbidden"
        case .empty: return answer.status == 200 && (answer.json["data"] == [] || answer.json["data"] == nil)
        case .badCursor: return answer.status == 400 && answer.code == "invalid_cursor"
        case .own: return answer.status < 500
        }
    }
}
