import HostModel
import Testing

/// `If-None-Match` on what records and lists show, which changes by more than a record's version.
struct RevalidationTests {
    private func tag(_ answer: Answer) throws -> [String: String] {
        ["If-None-Match": try #require(answer.header("ETag"), "\(answer.status) \(answer.text)")]
    }

    @Test func `a record and a list that didn't change are 304, and what did is sent`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let customer = try await firm.customer()
        let (list, one) = ("\(Firm.hs)/customers", "\(Firm.hs)/customers/\(customer["id"]?.string ?? "")")
        for path in [list, one, list + "?count=exact&sort=display_name", list + "/aggregate"] {
            let first = try await firm.client.get(path)
            let again = try await firm.client.get(path, headers: try tag(first))
            #expect(again.status == 304 && again.bytes.isEmpty, "\(path): \(again.text)")
            #expect(again.header("ETag") == first.header("ETag"))
            #expect(again.header("Cache-Control") == "no-store")
            let head = try await firm.client.send("HEAD", path, body: nil, headers: try tag(first))
            #expect(head.status == 304, "\(path)")
        }
        let (known, knownList) = (try tag(try await firm.client.get(one)), try tag(try await firm.client.get(list)))
        let changed = try await firm.client.send(
            "PATCH", one, body: (["display_name": "Ada L."] as JSONValue).utf8,
            headers: ["If-Match": known["If-None-Match"] ?? ""])
        #expect(changed.status == 200 && changed.header("ETag") == "\"2\"", "\(changed.text)")
        let read = try await firm.client.get(one, headers: known)
        #expect(read.status == 200 && read.json == changed.json)
        #expect(read.header("ETag")?.hasPrefix("\"2.") == true)
        #expect(try await firm.client.get(list, headers: knownList).status == 200)
    }

    @Test func `what changes without the record's version is sent all the same`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let order = try await firm.workOrder()
        let path = "\(Firm.hs)/work-orders/\(order["id"]?.string ?? "")?include=party"
        let first = try await firm.client.get(path)
        #expect(try await firm.client.get(path, headers: try tag(first)).status == 304)
        let party = "\(Firm.hs)/customers/\(order["party_id"]?.string ?? "")"
        let renamed = try await firm.client.patch(party, ["display_name": "Countess"], version: 1)
        #expect(renamed.status == 200, "\(renamed.text)")
        let second = try await firm.client.get(path, headers: try tag(first))
        #expect(second.status == 200 && second.json["party"]?["display_name"] == "Countess")
        #expect(second.json["version"] == first.json["version"])
    }

    @Test func `a tag is no right: another business and no credential get what they got before`() async throws {
        let url = try await ThorbisServer.shared.value.baseURL
        let firm = try await Firm.signUp(at: url)
        let other = try await Firm.signUp(at: url)
        let path = "\(Firm.hs)/customers/\(try await firm.customer()["id"]?.string ?? "")"
        let known = try tag(try await firm.client.get(path))
        for headers in [known, ["If-None-Match": "*"]] {
            #expect(try await other.client.get(path, headers: headers).status == 404)
            #expect(try await HTTPClient(baseURL: url).get(path, headers: headers).status == 401)
        }
    }
}
