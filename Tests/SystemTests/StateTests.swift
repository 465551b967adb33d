import HostModel
import Testing

/// Statuses over HTTP: what may be done next, and how it came to this.
struct StateTests {
    private static let tickets = "/api/flow/app/v1/tickets"

    @Test func `a ticket tells what can be done with it, and how it came to its status`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
        let ticket = try await firm.make(Self.tickets, ["title": "The door sticks"])
        let path = "\(Self.tickets)/\(try #require(ticket["id"]?.string))"
        #expect(ticket["_actions"]?.array?.map { $0["name"] } == ["take", "drop"])
        let take = try #require(ticket["_actions"]?[0]?["href"]?.string)
        let taken = try await firm.client.post(take)
        #expect(taken.json["_actions"]?.array?.map { $0["name"] } == ["wait", "touch", "settle"])
        let silent = try await firm.client.post("\(path)/actions/wait")
        #expect(silent.json["errors"]?[0]?["path"] == "/reason")
        let waiting = try await firm.client.post("\(path)/actions/wait", ["reason": "Parts are ordered."])
        #expect(try await firm.client.get(path).json == waiting.json)
        let list = try await firm.client.get(Self.tickets)
        #expect(list.json["data"]?[0]?["_actions"] == nil)

        let history = try await firm.client.get("\(path)/history?limit=2")
        #expect(history.json["data"]?.array?.map { $0["to"] } == ["open", "taken"])
        let next = try #require(history.json["page"]?["next"]?.string)
        let rest = try await firm.client.get("\(path)/history?limit=2&cursor=\(next)")
        #expect(rest.json["data"]?.array?.map { $0["reason"] } == ["Parts are ordered."])
        #expect(rest.json["page"]?["next"] == .null)
    }

    @Test func `a status is written by no body, and its history is another business's in no way`() async throws {
        let server = try await ThorbisServer.gallery.value.baseURL
        let firm = try await Firm.signUp(at: server)
        let other = try await Firm.signUp(at: server)
        let created = try await firm.client.post(Self.tickets, ["title": "A", "status": "settled"])
        #expect(created.code == "status_not_writable")
        let ticket = try await firm.make(Self.tickets, ["title": "A"])
        let path = "\(Self.tickets)/\(try #require(ticket["id"]?.string))"
        let patched = try await firm.client.patch(path, ["status": "settled"], version: 1)
        #expect(patched.code == "status_not_writable")
        let skipped = try await firm.client.post("\(path)/actions/settle")
        #expect(skipped.status == 409)
        #expect(skipped.json["allowed"] == ["take", "drop"])
        #expect(try await other.client.get("\(path)/history").status == 404)
        #expect(try await firm.client.get("\(path)/history?limit=0").status == 422)
        #expect(try await firm.client.get("\(path)/history?cursor=AAAA").code == "invalid_cursor")
        #expect(try await firm.client.get("\(path)/history").json["data"]?.array?.count == 1)
        // The audits are a feature of a higher tier.
        #expect(try await firm.client.post("/api/flow/app/v1/audits", ["subject": "A"]).code == "feature_not_in_tier")
    }
}
