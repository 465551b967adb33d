import Foundation
import HostModel
import Testing

/// Fields that a business adds, over HTTP: defined, written, found, archived.
struct CustomFieldsTests {
    private static let fields = "/api/platform/app/v1/custom-fields"
    private static let tickets = "/api/flow/app/v1/tickets"

    @Test func `a field is made, holds values, finds records and is taken out of use`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
        let field = try await firm.make(
            Self.fields,
            [
                "entity": "flow.ticket", "key": "floor", "label": "Floor", "type": "int", "required": true,
                "unique": true,
            ])
        #expect(field["indexed"] == true)
        #expect(field["index_state"] == "building")
        let missing = try await firm.client.post(Self.tickets, ["title": "A"])
        #expect(missing.status == 422)
        #expect(missing.json["errors"]?[0]?["path"] == "/custom/floor")
        _ = try await firm.make(Self.tickets, ["title": "A", "custom": ["floor": 2]])
        let taken = try await firm.client.post(Self.tickets, ["title": "B", "custom": ["floor": 2]])
        #expect(taken.status == 409)
        #expect(taken.code == "already_exists")
        #expect(taken.json["errors"]?[0]?["path"] == "/custom/floor")
        _ = try await firm.make(Self.tickets, ["title": "C", "custom": ["floor": 10]])
        let found = try await firm.client.get("\(Self.tickets)?filter[custom.floor]=gt:2")
        #expect(found.json["data"]?.array?.map { $0["title"] } == ["C"])
        let export = try await firm.client.get("\(Self.tickets)/export?filter[custom.floor]=2")
        #expect(export.text.split(separator: "\n").count == 1)
        let wrong = try await firm.client.get("\(Self.tickets)?filter[custom.flor]=2")
        #expect(wrong.status == 422)
        #expect(wrong.json["errors"]?[0]?["path"] == "filter[custom.flor]")

        let path = "\(Self.fields)/\(try #require(field["id"]?.string))"
        let typed = try await firm.client.patch(path, ["type": "text"], version: 1)
        #expect(typed.status == 409)
        let archived = try await firm.client.post("\(path)/actions/archive", headers: ["If-Match": "\"1\""])
        #expect(archived.status == 200)
        _ = try await firm.make(Self.tickets, ["title": "D"])
        let gone = try await firm.client.post(Self.tickets, ["title": "E", "custom": ["floor": 3]])
        #expect(gone.json["errors"]?[0]?["code"] == "unknown_field")
    }

    @Test func `what isn't a field is refused, and another business's is not there`() async throws {
        let server = try await ThorbisServer.gallery.value.baseURL
        let firm = try await Firm.signUp(at: server)
        let other = try await Firm.signUp(at: server)
        let bad: [(JSONValue, String)] = [
            (["entity": "flow.tickets", "key": "a", "label": "A", "type": "text"], "/entity"),
            (["entity": "flow.ticket", "key": "A b", "label": "A", "type": "text"], "/key"),
            (["entity": "flow.ticket", "key": "a", "label": "A", "type": "float"], "/type"),
            (["entity": "flow.ticket", "key": "a", "label": "A", "type": "enum"], "/options"),
            (["entity": "flow.ticket", "key": "a", "label": "A", "type": "text", "options": ["x"]], "/options"),
            (["entity": "flow.ticket", "key": "a", "label": "A", "type": "ref"], "/target"),
            (["entity": "sales.order_line", "key": "a", "label": "A", "type": "int", "indexed": true], "/indexed"),
        ]
        for (body, place) in bad {
            let refused = try await firm.client.post(Self.fields, body)
            #expect(refused.status == 422)
            #expect(refused.json["errors"]?[0]?["path"] == .string(place), "\(refused.text)")
        }
        let field = try await firm.make(
            Self.fields,
            ["entity": "flow.ticket", "key": "buyer", "label": "Buyer", "type": "ref", "target": "core.party"])
        let path = "\(Self.fields)/\(try #require(field["id"]?.string))"
        #expect(try await other.client.patch(path, ["label": "Mine"], version: 1).status == 404)
        #expect(try await other.client.get(Self.fields).json["data"] == [])
        let foreign = try await other.customer()
        let stolen = try await firm.client.post(
            Self.tickets, ["title": "A", "custom": ["buyer": foreign["id"] ?? .null]])
        #expect(stolen.status == 422)
        #expect(stolen.json["errors"]?[0]?["code"] == "unknown_reference")
    }

    @Test func `a field for other roles isn't there for its own owner, until they let themselves see it`() async throws
    {
        let firm = try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
        let field = try await firm.make(
            Self.fields, ["entity": "flow.ticket", "key": "margin", "label": "Margin", "type": "int"])
        let ticket = try await firm.make(Self.tickets, ["title": "A", "custom": ["margin": 7]])
        let path = "\(Self.fields)/\(try #require(field["id"]?.string))"
        let unknown = try await firm.client.patch(path, ["visible_to_roles": ["nobody"]], version: 1)
        #expect(unknown.status == 422)
        #expect(unknown.json["errors"]?[0]?["path"] == "/visible_to_roles/0")
        #expect(unknown.json["errors"]?[0]?["code"] == "unknown_role")
        #expect(try await firm.client.patch(path, ["visible_to_roles": ["technician"]], version: 1).status == 200)

        let one = "\(Self.tickets)/\(try #require(ticket["id"]?.string))"
        #expect(try await firm.client.get(one).json["custom"] == [:])
        #expect(try await firm.client.get(Self.tickets).json["data"]?[0]?["custom"] == [:])
        #expect(try await firm.client.get("\(Self.tickets)/export").text.contains("margin") == false)
        let asked = try await firm.client.get("\(Self.tickets)?filter[custom.margin]=7")
        #expect(asked.json["errors"]?[0]?["code"] == "unknown_field")
        let batch = try await firm.client.post(
            "\(Self.tickets)/batch", ["items": [["op": "create", "values": ["title": "B", "custom": ["margin": 1]]]]])
        #expect(batch.json["errors"]?[0]?["path"] == "/items/0/values/custom/margin", "\(batch.text)")
        let whole = try await firm.client.get("/api/platform/app/v1/export")
        #expect(whole.status == 403)

        #expect(try await firm.client.patch(path, ["visible_to_roles": []], version: 2).status == 200)
        #expect(try await firm.client.get(one).json["custom"] == ["margin": 7])
        let trail = try await firm.client.get("\(Self.fields)?entity=flow.ticket")
        #expect(trail.json["data"]?[0]?["visible_to_roles"] == [])
    }
}
