import Foundation
import HostModel
import Synchronization
import Testing

/// Answers from memory on the real binary: with several hosts, between rights, and switched off.
struct ReadCacheTests {
    /// What everybody was told of each record: the newest version, and who reads compares with it.
    private final class Told: Sendable {
        private let versions = Mutex<[Int: Int64]>([:])
        private let faults = Mutex<[String]>([])
        func version(_ record: Int) -> Int64 { versions.withLock { $0[record] ?? 1 } }
        func tell(_ record: Int, _ version: Int64) {
            versions.withLock { $0[record] = max($0[record] ?? 1, version) }
        }
        func complain(_ fault: String) { faults.withLock { $0.append(fault) } }
        var stale: [String] { faults.withLock { $0 } }
    }

    private static let recordCount = 4
    private static let writesOfEach = 40
    private static let readerCount = 6

    /// Each request has a connection of its own, which either host may accept.
    @Test func `with two hosts, whoever reads sees every write that was answered`() async throws {
        let folder = ThorbisServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try await ThorbisServer.start(dataFolder: folder, environment: ["THORBIS_HOSTS": "2"])
        let firm = try await Firm.signUp(at: server.baseURL)
        var paths: [String] = []
        for number in 0..<Self.recordCount {
            paths.append("\(Firm.hs)/customers/\(try await firm.customer("Ada \(number)")["id"]?.string ?? "")")
        }
        let (told, records) = (Told(), paths)
        try await withThrowingTaskGroup(of: Bool.self) { tasks in
            for number in records.indices {
                tasks.addTask {
                    for version in 1...Int64(Self.writesOfEach) {
                        let change: JSONValue = ["display_name": .string("Ada \(number) \(version)")]
                        let answer = try await firm.client.patch(records[number], change, version: version)
                        #expect(answer.status == 200, "\(answer.text)")
                        told.tell(number, version + 1)
                    }
                    return true
                }
            }
            for reader in 0..<Self.readerCount {
                tasks.addTask {
                    var generator = SystemRandomNumberGenerator()
                    while !Task.isCancelled {
                        let number = Int.random(in: records.indices, using: &generator)
                        let before = told.version(number)
                        let found = try await Self.read(firm.client, records[number], inList: reader % 2 == 0)
                        if found < before { told.complain("\(number): \(found) < \(before)") }
                    }
                    return false
                }
            }
            var writing = records.count
            while writing > 0, let isWriter = try await tasks.next() { if isWriter { writing -= 1 } }
            tasks.cancelAll()
            while (try? await tasks.next()) != nil {}
        }
        #expect(told.stale == [])
        // Both hosts have answered from memory: whoever answers the metrics says so of itself.
        try await eventually(within: .seconds(20)) { try await hits(server) > 0 ? true : nil }
        #expect(try await server.stop() == 0)
    }

    /// The version of a record as one of the routes shows it.
    private static func read(_ client: HTTPClient, _ path: String, inList: Bool) async throws -> Int64 {
        guard inList else { return try await client.get(path).json["version"]?.int ?? 0 }
        let id = path.split(separator: "/").last.map(String.init)
        let list = try await client.get("\(Firm.hs)/customers?limit=10").json["data"]?.array ?? []
        return list.first { $0["id"]?.string == id }?["version"]?.int ?? 0
    }

    private func hits(_ server: ThorbisServer) async throws -> Int {
        let text = try await HTTPClient(baseURL: server.baseURL).get("/metrics").text
        let line = text.split(separator: "\n").first { $0.hasPrefix("thorbis_read_cache_hits_total{host=\"1\"} ") }
        return line.flatMap { Int($0.split(separator: " ")[1]) } ?? -1
    }

    @Test func `an answer from memory is the same, and a write of what it shows ends it`() async throws {
        let server = try await ThorbisServer.shared.value
        let firm = try await Firm.signUp(at: server.baseURL)
        let order = try await firm.workOrder()
        let party = "\(Firm.hs)/customers/\(order["party_id"]?.string ?? "")"
        let path = "\(Firm.hs)/work-orders/\(order["id"]?.string ?? "")"
        // The party's name is behind an include, and behind one in another spelling.
        for (turn, query) in ["?include=party", "?%69nclude=party"].enumerated() {
            let first = try await firm.client.get(path + query)
            let before = try await hits(server)
            // A second is short when the machine is busy: one of many has to come in time.
            try await eventually(within: .seconds(20)) {
                let again = try await firm.client.get(path + query)
                #expect(again.bytes == first.bytes && again.header("ETag") == first.header("ETag"))
                return try await hits(server) > before ? true : nil
            }
            let name = "Countess \(turn)"
            let renamed = try await firm.client.patch(
                party, ["display_name": .string(name)], version: Int64(turn + 1))
            #expect(renamed.status == 200, "\(renamed.text)")
            #expect(try await firm.client.get(path + query).json["party"]?["display_name"]?.string == name)
        }
        let moved = try await firm.act("cancel", on: order, ["reason": "No leak"])
        #expect(moved.status == 200, "\(moved.text)")
        #expect(try await firm.client.get(path + "?include=party").json["status"] == "cancelled")
    }

    @Test func `nobody gets what another business or another credential was answered`() async throws {
        let server = try await ThorbisServer.shared.value
        let (firm, other) = (try await Firm.signUp(at: server.baseURL), try await Firm.signUp(at: server.baseURL))
        let path = "\(Firm.hs)/customers/\(try await firm.customer()["id"]?.string ?? "")"
        for _ in 0..<10 {
            #expect(try await firm.client.get(path).status == 200)
            #expect(try await firm.client.get("\(Firm.hs)/customers").json["data"]?.array?.count == 1)
            #expect(try await other.client.get(path).status == 404)
            #expect(try await other.client.get("\(Firm.hs)/customers").json["data"]?.array?.isEmpty == true)
            #expect(try await HTTPClient(baseURL: server.baseURL).get(path).status == 401)
        }
        #expect(
            try await firm.client.send("DELETE", "/api/platform/app/v1/session", body: nil, headers: [:]).status == 204)
        #expect(try await firm.client.get(path).status == 401)
    }

    @Test func `switched off, nothing is kept, and a value that makes no sense is refused`() async throws {
        let folder = ThorbisServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try await ThorbisServer.start(dataFolder: folder, environment: ["THORBIS_READ_CACHE_MB": "0"])
        let firm = try await Firm.signUp(at: server.baseURL)
        let path = "\(Firm.hs)/customers/\(try await firm.customer()["id"]?.string ?? "")"
        let first = try await firm.client.get(path)
        #expect(first.status == 200)
        let known = try await firm.client.get(path, headers: ["If-None-Match": first.header("ETag") ?? ""])
        #expect(known.status == 304)
        #expect(try await hits(server) == -1, "there are no such series")
        #expect(try await server.stop() == 0)
        let wrong = try Command(
            arguments: ["serve"],
            environment: ["THORBIS_READ_CACHE_MB": "-1", "DATABASE_URL": "postgresql://localhost/none"]
        ).run()
        #expect(wrong.code == 2 && wrong.output.contains("THORBIS_READ_CACHE_MB is -1"), "\(wrong.output)")
    }
}
