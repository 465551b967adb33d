import Foundation
import HostModel
import Synchronization
import Testing

/// Two hosts on one socket, under load: one is killed, both are replaced, the supervisor is killed.
struct FleetTests {
    @Test func `one host is killed and replaced, two hand-overs and a stop lose no request`() async throws {
        let folder = ThorbisServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try await ThorbisServer.start(dataFolder: folder, environment: ["THORBIS_HOSTS": "2"])
        let supervisor = server.processID
        let first = try await eventually(within: .seconds(30)) { two(of: supervisor) }
        kill(try #require(first.first), SIGKILL)
        // Whoever is left answers, and the new one after it.
        let afterKill = try await eventually(within: .seconds(30)) {
            two(of: supervisor).flatMap { $0 == first ? nil : $0 }
        }
        #expect(afterKill.contains(first[1]), "the other host went on")
        try await served(by: 3, folder)

        let firm = try await Firm.signUp(at: server.baseURL)
        _ = try await firm.customer()
        let load = FleetLoad(client: firm.client)
        let failures = try await load.during {
            for turn in 1...2 {
                let old = try #require(two(of: supervisor))
                if turn == 1 {
                    kill(supervisor, SIGHUP)
                } else {
                    let done = try await Command(
                        arguments: ["handover"], environment: ["THORBIS_DATA": folder.path()]
                    ).runBeside()
                    #expect(done.code == 0 && done.output.contains("host 1: \(old[0]) → "), "\(done.output)")
                }
                try await served(by: 3 + 2 * turn, folder)
                try await eventually(within: .seconds(30)) {
                    two(of: supervisor).flatMap { Set($0).isDisjoint(with: old) ? true : nil }
                }
            }
        }
        #expect(failures == [])
        #expect(load.count > 50)
        #expect(try await server.stop() == 0)
        #expect(two(of: supervisor) == nil)
        let nobody = try Command(arguments: ["handover"], environment: ["THORBIS_DATA": folder.path()]).run()
        #expect(nobody.code == 3 && nobody.output.contains("no `thorbis up` runs"), "\(nobody.output)")
    }

    @Test func `when the supervisor is killed its hosts end, and a new one starts on the same folder`() async throws {
        let folder = ThorbisServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try await ThorbisServer.start(dataFolder: folder, environment: ["THORBIS_HOSTS": "2"])
        let firm = try await Firm.signUp(at: server.baseURL)
        let customer = try await firm.customer()
        let hosts = try await eventually(within: .seconds(30)) { two(of: server.processID) }
        kill(server.processID, SIGKILL)
        try await eventually(within: .seconds(30)) { hosts.allSatisfy { kill($0, 0) != 0 } ? true : nil }
        let second = try await ThorbisServer.start(dataFolder: folder, environment: ["THORBIS_HOSTS": "2"])
        let client = HTTPClient(baseURL: second.baseURL, token: firm.client.token)
        let path = "\(Firm.hs)/customers/\(customer["id"]?.string ?? "")"
        #expect(try await client.get(path).json == customer)
        #expect(try await second.stop() == 0)
    }

    @Test func `serve refuses descriptors that aren't what they are given as`() throws {
        for (option, value) in [("--listen-descriptor", "1"), ("--ready-descriptor", "77"), ("--slot", "17")] {
            let refused = try Command(arguments: ["serve", option, value]).run()
            #expect(refused.code == 2, "\(refused.output)")
            #expect(refused.output.contains(option), "\(refused.output)")
        }
        let refused = try Command(arguments: ["up"], environment: ["THORBIS_HOSTS": "0"]).run()
        #expect(refused.code == 2 && refused.output.contains("THORBIS_HOSTS is 0"), "\(refused.output)")
    }

    /// Waits until the log has told that many times that a host serves.
    private func served(by count: Int, _ folder: URL) async throws {
        let log = folder.deletingLastPathComponent().appending(path: folder.lastPathComponent + ".log")
        try await eventually(within: .seconds(30)) {
            let text = try String(contentsOf: log, encoding: .utf8)
            return text.components(separatedBy: "\"host serves\"").count > count ? true : nil
        }
    }

    /// The two hosts of a supervisor, in order of age; nil when there are more or fewer.
    private func two(of supervisor: Int32) -> [Int32]? {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let hosts = entries.compactMap { Int32($0) }.filter { entry in
            let line = (try? String(contentsOfFile: "/proc/\(entry)/cmdline", encoding: .utf8)) ?? ""
            let status = (try? String(contentsOfFile: "/proc/\(entry)/status", encoding: .utf8)) ?? ""
            return line.contains("--ready-descriptor") && status.contains("PPid:\t\(supervisor)\n")
        }
        return hosts.count == 2 ? hosts.sorted() : nil
    }
}

/// Requests by several clients at once, whose answers must all be good.
private final class FleetLoad: Sendable {
    private let client: HTTPClient
    private let answered = Mutex(0)
    private let isOver = Atomic(false)
    private static let clients = 8

    init(client: HTTPClient) { self.client = client }

    var count: Int { answered.withLock { $0 } }

    /// - Returns: Every answer that was no 200, and every request without one.
    func during(_ body: @Sendable @escaping () async throws -> Void) async throws -> [String] {
        try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<Self.clients { group.addTask { await self.ask() } }
            group.addTask {
                defer { self.isOver.store(true, ordering: .relaxed) }
                try await body()
                return []
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func ask() async -> [String] {
        var failures: [String] = []
        while !isOver.load(ordering: .relaxed) {
            do {
                let answer = try await client.get("\(Firm.hs)/customers")
                if answer.status != 200 { failures.append("\(answer.status) \(answer.text)") }
            } catch {
                failures.append("\(error)")
            }
            answered.withLock { $0 += 1 }
        }
        return failures
    }
}
