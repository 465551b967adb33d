import HostModel
import Testing

/// Every bad request gets its code, and nothing changes.
struct RefusalTests {
    @Test func `a bad body is refused with its code and creates nothing`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let path = "\(Firm.hs)/customers"
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        let cases: [(body: String, status: Int, code: String)] = [
            (#"{"display_name": "A""#, 400, "malformed_body"),
            (#"{"display_name": "A", "display_name": "B"}"#, 400, "malformed_body"),
            (#"{"display_name": \#(deep)}"#, 400, "malformed_body"),
            (#"["display_name"]"#, 400, "malformed_body"),
            (#"{"display_name": "A", "surname": "B"}"#, 422, "validation_failed"),
            (#"{"display_name": 7}"#, 422, "validation_failed"),
            (#"{"first_name": "A"}"#, 422, "validation_failed"),
            (#"{"display_name": "A", "email": "no address"}"#, 422, "validation_failed"),
            (#"{"display_name": "\#(String(repeating: "x", count: 3_000_000))"}"#, 413, "body_too_large"),
        ]
        for test in cases {
            let answer = try await firm.client.send("POST", path, body: Array(test.body.utf8), headers: [:])
            #expect(answer.status == test.status, "\(test.body.prefix(60)): \(answer.text)")
            #expect(answer.code == test.code, "\(test.body.prefix(60))")
            #expect(answer.header("Content-Type")?.hasPrefix("application/problem+json") == true)
        }
        #expect(try await firm.client.get(path).json["data"] == [])
    }

    @Test func `a refused field is named by its pointer and its rule`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let answer = try await firm.client.post("\(Firm.hs)/customers", ["surname": "B", "payment_terms_days": 900])
        let faults = (answer.json["errors"]?.array ?? []).map { fault in
            "\(fault["path"]?.string ?? "") \(fault["code"]?.string ?? "")"
        }
        #expect(Set(faults) == ["/surname unknown_field", "/payment_terms_days max", "/display_name required"])
    }

    @Test func `the wrong type of content and an undeclared method are refused`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let path = "\(Firm.hs)/customers"
        let text = try await firm.client.send(
            "POST", path, body: Array("{}".utf8), headers: ["Content-Type": "text/plain"])
        #expect(text.status == 415)
        #expect(text.code == "unsupported_media_type")
        let put = try await firm.client.send("PUT", path, body: Array("{}".utf8), headers: [:])
        #expect(put.status == 405)
        #expect(put.code == "method_not_allowed")
        #expect(Set((put.header("Allow") ?? "").split(separator: ", ")).isSuperset(of: ["GET", "POST"]))
        #expect(try await firm.client.get("/api/hs/app/v1/unheard-of").code == "not_found")
    }

    @Test func `another total than the one that a client shows is refused with both, and makes nothing`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let customer = try await firm.customer()
        let body: JSONValue = [
            "party_id": customer["id"] ?? .null, "expected_total_minor": 4_999,
            "lines": [["description": "Visit", "qty_milli": 1_000, "unit_price_minor": 5_000]],
        ]
        let refused = try await firm.client.post("\(Firm.core)/invoices", body)
        #expect(refused.status == 409 && refused.code == "total_mismatch", "\(refused.text)")
        #expect(refused.json["expected"] == 4_999 && refused.json["got"] == 5_000, "\(refused.text)")
        #expect(refused.header("Content-Type")?.hasPrefix("application/problem+json") == true)
        #expect(try await firm.client.get("\(Firm.core)/invoices").json["data"] == [])
        let taken = try await firm.client.post(
            "\(Firm.core)/invoices", body.replacing(["expected_total_minor"], with: 5_000))
        #expect(taken.status == 201 && taken.json["total_minor"] == 5_000, "\(taken.text)")
    }

    @Test func `an update needs the version that it was made from`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let customer = try await firm.customer()
        let path = "\(Firm.hs)/customers/\(customer["id"]?.string ?? "")"
        let absent = try await firm.client.patch(path, ["display_name": "New"], version: nil)
        #expect(absent.status == 428)
        #expect(absent.code == "precondition_required")
        let first = try await firm.client.patch(path, ["display_name": "New"], version: 1)
        #expect(first.status == 200)
        #expect(first.header("ETag") == "\"2\"")
        let stale = try await firm.client.patch(path, ["display_name": "Newer"], version: 1)
        #expect(stale.status == 412)
        #expect(stale.code == "version_conflict")
        #expect(stale.json["current_version"] == 2)
        #expect(try await firm.client.get(path).json["display_name"] == "New")
    }

    @Test func `a status changes only by its transitions`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let order = try await firm.workOrder()
        let path = "\(Firm.hs)/work-orders/\(order["id"]?.string ?? "")"
        let patched = try await firm.client.patch(path, ["status": "paid"], version: order["version"]?.int)
        #expect(patched.status == 422)
        #expect(patched.code == "status_not_writable")
        let early = try await firm.act("start", on: order)
        #expect(early.status == 409)
        #expect(early.code == "invalid_transition")
        #expect(early.json["from"] == "draft")
        let silent = try await firm.act("cancel", on: order)
        #expect(silent.status == 422, "a cancellation needs its reason: \(silent.text)")
        let gate = try await firm.act("complete", on: order, ["resolution": "long enough a text"])
        #expect(gate.status == 409, "\(gate.text)")
        #expect(try await firm.client.get(path).json == order)
    }

    @Test func `a tampered cursor, an unknown sort and an unknown filter are refused`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        for name in ["One", "Two"] { _ = try await firm.customer(name) }
        let path = "\(Firm.hs)/customers"
        let page = try await firm.client.get("\(path)?limit=1")
        var cursor = try #require(page.json["page"]?["next"]?.string)
        cursor.replaceSubrange(cursor.startIndex...cursor.startIndex, with: cursor.hasPrefix("A") ? "B" : "A")
        #expect(try await firm.client.get("\(path)?limit=1&cursor=\(cursor)").code == "invalid_cursor")
        for query in ["sort=notes", "filter[surname]=x", "limit=9999", "limit=x", "page=2"] {
            let answer = try await firm.client.get("\(path)?\(query)")
            #expect(answer.status == 422, "\(query): \(answer.text)")
            #expect(answer.code == "validation_failed", "\(query)")
        }
    }

    @Test func `a feature above the tier is refused and says which tier has it`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let answer = try await firm.client.post("\(Firm.hs)/territories", ["name": "North"])
        #expect(answer.status == 403)
        #expect(answer.code == "feature_not_in_tier")
        // Counted; a text of the metrics is given out for a second.
        try await eventually(within: .seconds(10)) {
            let metrics = try await firm.client.get("/metrics").text.split(separator: "\n")
            let denials = metrics.filter {
                $0.hasPrefix("thorbis_plugin_denials_total{host=\"1\",plugin=\"hs\"")
            }
            return denials.contains { !$0.hasSuffix(" 0") } ? true : nil
        }
        #expect(answer.json["feature"] == "hs.dispatch")
        #expect(answer.json["required_tier"] == "professional")
    }
}
