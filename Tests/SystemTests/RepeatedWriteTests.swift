import Foundation
import HostModel
import Testing

/// `Idempotency-Key` on the writes that are more than one new record: the same answer again, nothing done a second
/// time, and another body refused.
struct RepeatedWriteTests {
    private static let platform = "/api/platform/app/v1"

    private struct Write {
        let method: String
        let path: String
        let body: [UInt8]
        let otherBody: [UInt8]
        var type = "application/json"

        init(_ method: String, _ path: String, _ body: JSONValue, other: JSONValue) {
            (self.method, self.path, self.body, otherBody) = (method, path, body.utf8, other.utf8)
        }

        init(_ method: String, _ path: String, _ body: String, other: String, type: String) {
            (self.method, self.path, self.type) = (method, path, type)
            (self.body, otherBody) = (Array(body.utf8), Array(other.utf8))
        }
    }

    /// Sends it twice, and once with another body; gives the first answer.
    private func sendAgain(_ write: Write, _ firm: Firm) async throws -> Answer {
        let headers = ["Idempotency-Key": UUID().uuidString, "Content-Type": write.type]
        let before = try await trail(firm)
        let first = try await firm.client.send(write.method, write.path, body: write.body, headers: headers)
        let after = try await trail(firm)
        let again = try await firm.client.send(write.method, write.path, body: write.body, headers: headers)
        let other = try await firm.client.send(write.method, write.path, body: write.otherBody, headers: headers)
        let what = "\(write.method) \(write.path): \(first.text) \(again.text) \(other.text)"
        #expect((200..<300).contains(first.status), "\(what)")
        #expect(first.header("Idempotency-Replayed") == nil, "\(what)")
        #expect(again.header("Idempotency-Replayed") == "true", "\(what)")
        #expect(again.status == first.status && again.bytes == first.bytes, "\(what)")
        #expect(again.header("ETag") == first.header("ETag"), "\(what)")
        #expect(again.header("Location") == first.header("Location"), "\(what)")
        #expect(other.status == 422 && other.code == "idempotency_key_reused", "\(what)")
        #expect(after.count >= before.count)
        #expect(try await trail(firm) == after, "\(what)")
        return first
    }

    /// The actions in the audit trail but for those of the background.
    private func trail(_ firm: Firm) async throws -> [String] {
        let entries = try await firm.client.get("\(Self.platform)/audit?limit=200").json["data"]?.array ?? []
        return entries.filter { entry in
            entry["action"] != "platform.import.finish" && entry["reason"]?.string?.hasPrefix("import ") != true
        }.compactMap { $0["action"]?.string }
    }

    @Test func `an upsert, a batch and a file are written once`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let upserted = try await sendAgain(
            Write("PUT", "\(Firm.hs)/customers/external/x", ["display_name": "A"], other: ["display_name": "B"]), firm)
        #expect(upserted.json["version"] == 1)
        let customer = try await firm.client.get("\(Firm.hs)/customers/\(upserted.json["id"]?.string ?? "")")
        #expect(customer.json["version"] == 1 && customer.json["display_name"] == "A")

        func batch(_ names: [String]) -> JSONValue {
            let items = names.map { name -> JSONValue in
                ["op": "create", "values": ["name": .string(name), "unit_price_minor": 100]]
            }
            return ["items": .array(items)]
        }
        let items = "\(Firm.core)/items"
        _ = try await sendAgain(Write("POST", "\(items)/batch", batch(["A", "B"]), other: batch(["A"])), firm)
        #expect(try await firm.client.get(items).json["data"]?.array?.count == 2)

        let file = Write(
            "POST", "\(Self.platform)/files?name=offer.txt", "hello", other: "hello!", type: "text/plain")
        _ = try await sendAgain(file, firm)
        #expect(try await firm.client.get("\(Self.platform)/files").json["data"]?.array?.count == 1)
    }

    @Test func `an import is made, filled and started once`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let imports = "\(Self.platform)/imports"
        let made = try await sendAgain(
            Write("POST", imports, ["entity": "core.party"], other: ["entity": "core.item"]), firm)
        #expect(try await firm.client.get(imports).json["data"]?.array?.count == 1)
        let path = "\(imports)/\(made.json["id"]?.string ?? "")"
        let part = Write(
            "PUT", "\(path)/chunks?offset=0", "display_name\nAnn\n", other: "display_name\nBob\n", type: "text/csv")
        #expect(try await sendAgain(part, firm).json["bytes_received"] == 17)
        _ = try await sendAgain(Write("POST", "\(path)/actions/start", [:], other: ["dry_run": true]), firm)
        let done = try await eventually(within: .seconds(30)) {
            let job: JSONValue? = try await firm.client.get(path).json
            return job?["status"] == "done" ? job : Optional.none
        }
        #expect(done["rows_created"] == 1)
        #expect(try await firm.client.get("\(Firm.core)/parties").json["data"]?.array?.count == 1)
    }
}
