import Foundation
import HostModel
import Synchronization
import Testing

/// Requests that come again with the same `Idempotency-Key`, over HTTP.
struct RepeatedRequestTests {
    private static let customers = "\(Firm.hs)/customers"

    /// The names that were acknowledged.
    private final class Done: Sendable {
        let names = Mutex<Set<String>>([])
    }

    private func key(_ text: String = UUID().uuidString) -> [String: String] { ["Idempotency-Key": text] }

    @Test func `a create and a plugin's operation are done once and answered alike`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let item = try await firm.make(
            "\(Firm.core)/items", ["name": "Labour", "unit": "hour", "unit_price_minor": 9_500])
        let customer = try await firm.customer()
        let location = try await firm.location(of: customer)
        let order: JSONValue = [
            "party_id": customer["id"] ?? .null, "service_location_id": location["id"] ?? .null,
            "summary": "Leak", "lines": [["item_id": item["id"] ?? .null, "qty_milli": 1_000]],
        ]
        let orders = "\(Firm.hs)/work-orders"
        for (path, body) in [(Self.customers, ["display_name": "Bob"] as JSONValue), (orders, order)] {
            let count = try await firm.client.get("\(path)?limit=200").json["data"]?.array?.count ?? 0
            let headers = key()
            let first = try await firm.client.post(path, body, headers: headers)
            let again = try await firm.client.post(path, body, headers: headers)
            #expect(first.status == 201, "\(first.text)")
            #expect(first.header("Idempotency-Replayed") == nil)
            #expect(again.header("Idempotency-Replayed") == "true")
            #expect(again.status == 201 && again.bytes == first.bytes)
            #expect(again.header("ETag") == first.header("ETag"))
            #expect(again.header("Location") == first.header("Location"))
            #expect(again.header("Location") != nil)
            #expect(try await firm.client.get("\(path)?limit=200").json["data"]?.array?.count == count + 1)
            let other = try await firm.client.post(path, [:], headers: headers)
            #expect(other.status == 422, "its body is checked before the key is looked at")
        }
        let id = try await firm.client.get("\(orders)?limit=1").json["data"]?[0]?["id"]?.string ?? ""
        let headers = key()
        let start = try await firm.client.post("\(orders)/\(id)/actions/start", [:], headers: headers)
        let again = try await firm.client.post("\(orders)/\(id)/actions/start", [:], headers: headers)
        #expect(start.status == 409 && again.status == 409, "\(start.text)")
        #expect(again.bytes == start.bytes && again.header("Idempotency-Replayed") == "true")
    }

    @Test func `a key with another request is refused, and a key of another form too`() async throws {
        let baseURL = try await ThorbisServer.shared.value.baseURL
        let (firm, other) = (try await Firm.signUp(at: baseURL), try await Firm.signUp(at: baseURL))
        let headers = key()
        let first = try await firm.client.post(Self.customers, ["display_name": "Bob"], headers: headers)
        let changed = try await firm.client.post(Self.customers, ["display_name": "Rob"], headers: headers)
        #expect(changed.status == 422 && changed.code == "idempotency_key_reused")
        let theirs = try await other.client.post(Self.customers, ["display_name": "Bob"], headers: headers)
        #expect(theirs.status == 201 && theirs.header("Idempotency-Replayed") == nil)
        #expect(theirs.json["id"] != first.json["id"], "another business's keys are its own")
        for bad in ["", "a b", "ä", String(repeating: "k", count: 256)] {
            let answer = try await firm.client.post(Self.customers, ["display_name": "Bob"], headers: key(bad))
            #expect(answer.status == 400, "\(bad): \(answer.text)")
        }
        let longest = key(String(repeating: "~", count: 255))
        #expect(try await firm.client.post(Self.customers, ["display_name": "Bob"], headers: longest).status == 201)
    }

    @Test func `many at once make one record`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let headers = key()
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await firm.client.post(Self.customers, ["display_name": "Bob"], headers: headers)
                }
            }
            return try await group.reduce(into: [Answer]()) { $0.append($1) }
        }
        let made = answers.filter { $0.status == 201 }
        #expect(Set(made.map(\.text)).count == 1)
        #expect(answers.allSatisfy { $0.status == 201 || $0.code == "idempotency_in_flight" })
        #expect(try await firm.client.get(Self.customers).json["data"]?.array?.count == 1)
    }

    @Test func `a host that is killed leaves as many records as there were keys`() async throws {
        let port = try await ThorbisServer.freePort()
        let folder = ThorbisServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try await ThorbisServer.start(dataFolder: folder, environment: ["THORBIS_PORT": "\(port)"])
        let firm = try await Firm.signUp(at: server.baseURL)
        let done = Done()
        let workers = (0..<8).map { worker in
            Task {
                for number in 0..<40 {
                    let name = "w\(worker)-\(number)"
                    // Sent until somebody says that it is done, as a client does that never knows.
                    while !Task.isCancelled {
                        let answer = try? await firm.client.post(
                            Self.customers, ["display_name": .string(name)], headers: ["Idempotency-Key": name])
                        if answer?.status == 201 { break }
                    }
                    done.names.withLock { _ = $0.insert(name) }
                }
            }
        }
        // A supervisor gives up at the fifth death within a minute.
        for turn in 1...3 {
            try await eventually(within: .seconds(60)) { done.names.withLock(\.count) > turn * 70 ? true : nil }
            kill(try #require(ProcessTable.child(of: server.processID, running: "serve")), SIGKILL)
        }
        for worker in workers { await worker.value }
        var names: [String] = []
        var path: String? = "\(Self.customers)?limit=200"
        while let next = path {
            let page = try await firm.client.get(next)
            names += page.json["data"]?.array?.compactMap { $0["display_name"]?.string } ?? []
            path = page.json["page"]?["next"]?.string.map { "\(Self.customers)?limit=200&cursor=\($0)" }
        }
        #expect(names.count == 320)
        #expect(Set(names).count == 320)
        #expect(try await server.stop() == 0)
    }
}
