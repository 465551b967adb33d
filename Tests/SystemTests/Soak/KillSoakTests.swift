import Foundation
import HostModel
import NIOHTTP1
import Synchronization
import Testing

/// `kill -9` of the host, of PostgreSQL and of the supervisor with all that it started, below writes.
struct KillSoakTests {
    @Test func `the ledger tells lost writes from unanswered ones`() {
        var ledger = WriteLedger()
        ledger.created("a", version: 1)
        #expect(ledger.fault(of: "a", found: 1) == nil)
        ledger.asking("a", version: 2)
        #expect(ledger.fault(of: "a", found: 1) == nil && ledger.fault(of: "a", found: 2) == nil)
        ledger.acknowledged("a", version: 2)
        #expect(ledger.fault(of: "a", found: 1) != nil && ledger.fault(of: "a", found: nil) != nil)
        #expect(ledger.fault(of: "b", found: 1) != nil)
    }

    @Test func `whoever is killed, no acknowledged write is lost, and all come back`() async throws {
        let folder = ThorbisServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let port = ["THORBIS_PORT": "\(try await ThorbisServer.freePort())"]
        let server = try await ThorbisServer.start(dataFolder: folder, environment: port)
        let installation = Installation(folder, server, port)
        let firm = try await Firm.signUp(at: installation.baseURL)
        let ledgers = (0..<16).map { _ in Ledger() }
        let load = SoakLoad(client: firm.client, connectionCount: ledgers.count) { connection, number in
            try await ledgers[number].step(connection)
        }
        let recoveries = Mutex<[(victim: Victim, time: Duration)]>([])
        let end = ContinuousClock.now + Soak.killTime
        let tally = try await load.during {
            var numbers = SeededNumbers(seed: Soak.seed)
            var victims: [Victim] = []
            // Each kind once, in any order, then again until the time is over.
            repeat {
                if victims.isEmpty { victims = Victim.allCases.shuffled(using: &numbers) }
                try await Self.waitForWrites(of: ledgers, begunAfter: .now)
                // So that they hit at any moment, also while something is still being brought back.
                let pause = Soak.killTime == .zero ? 0 : Int.random(in: 0...1_500, using: &numbers)
                try await Task.sleep(for: .milliseconds(pause))
                let victim = victims.removeLast()
                let start = ContinuousClock.now
                try await installation.kill(victim)
                try await Self.waitForWrites(of: ledgers, begunAfter: start)
                recoveries.withLock { $0.append((victim, ContinuousClock.now - start)) }
            } while !victims.isEmpty || ContinuousClock.now < end
        }
        let faults = try await Self.faults(of: ledgers, firm.client)
        let records = ledgers.map { $0.ledger.withLock(\.count) }.reduce(0, +)
        for victim in Victim.allCases {
            let times = recoveries.withLock { $0 }.filter { $0.victim == victim }.map(\.time)
            guard !times.isEmpty else { continue }
            Soak.report(
                "kill -9 \(victim.rawValue)", "\(times.count) kills",
                "all \(ledgers.count) write again after \(Soak.spread(times))")
        }
        Soak.report(
            "kill -9, seed \(Soak.seed)", "\(records) records, \(Self.acknowledged(ledgers)) acknowledged writes",
            "\(faults.count) lost", tally)
        #expect(faults == [])
        #expect(try await installation.stop() == 0)
    }

    enum Victim: String, CaseIterable, Sendable {
        case host, database, postmaster, supervisor
    }

    private static func acknowledged(_ ledgers: [Ledger]) -> Int {
        ledgers.map { $0.acknowledged.load(ordering: .relaxed) }.reduce(0, +)
    }

    /// Until every connection has had three writes acknowledged that it began after that.
    private static func waitForWrites(of ledgers: [Ledger], begunAfter start: ContinuousClock.Instant) async throws {
        for ledger in ledgers {
            let before = ledger.acknowledged.load(ordering: .relaxed)
            try await eventually(within: .seconds(120)) {
                ledger.lastBegun.withLock { $0 > start }
                    && ledger.acknowledged.load(ordering: .relaxed) > before + 2 ? true : nil
            }
        }
    }

    /// What the records are that were acknowledged, asked for one by one.
    private static func faults(of ledgers: [Ledger], _ client: HTTPClient) async throws -> [String] {
        let connection = LoadConnection(client)
        var faults: [String] = []
        for one in ledgers {
            let ledger = one.ledger.withLock { $0 }
            for id in ledger.ids {
                let answer = try await eventually(within: .seconds(60)) {
                    let answer = try? await connection.send(.GET, "\(Firm.hs)/customers/\(id)")
                    // Unavailable isn't lost.
                    return answer?.status == 503 ? nil : answer
                }
                let version = answer.json["version"]?.int.map { Int($0) }
                if let fault = ledger.fault(of: id, found: version) { faults.append(fault) }
            }
        }
        return faults
    }

    /// A server that may be killed as a whole and started again in its place, as an operating system's own supervisor
    /// does.
    private actor Installation {
        nonisolated let baseURL: URL
        private let folder: URL
        private let port: [String: String]
        private var server: ThorbisServer

        init(_ folder: URL, _ server: ThorbisServer, _ port: [String: String]) {
            (self.folder, self.server, self.port, baseURL) = (folder, server, port, server.baseURL)
        }

        func kill(_ victim: Victim) async throws {
            switch victim {
            case .host: try end("serve")
            case .database: try endDatabase()
            case .postmaster: try end("postgres")
            case .supervisor:
                Glibc.kill(server.processID, SIGKILL)
                server = try await ThorbisServer.start(dataFolder: folder, environment: port)
            }
        }

        func stop() async throws -> Int32 { try await server.stop() }

        private func end(_ word: String) throws {
            Glibc.kill(try #require(ProcessTable.child(of: server.processID, running: word)), SIGKILL)
        }

        /// A backend, and whatever else serves the database: it starts itself again.
        private func endDatabase() throws {
            let postmaster = try #require(ProcessTable.child(of: server.processID, running: "postgres"))
            for child in ProcessTable.children(of: postmaster) { Glibc.kill(child, SIGKILL) }
        }
    }
}

/// One client's writes, and what was acknowledged of them.
private final class Ledger: Sendable {
    let ledger = Mutex(WriteLedger())
    let acknowledged = Atomic(0)
    /// When the last write was sent that was acknowledged.
    let lastBegun = Mutex(ContinuousClock.now)
    private let last = Mutex<(id: String, version: Int)?>(nil)
    private static let customers = "\(Firm.hs)/customers"

    /// Makes a record, or changes the last one; every fifth time it is a new one.
    func step(_ connection: LoadConnection) async throws -> String? {
        let begun = ContinuousClock.now
        let before = acknowledged.load(ordering: .relaxed)
        let wrong = try await write(connection)
        if acknowledged.load(ordering: .relaxed) > before { lastBegun.withLock { $0 = begun } }
        return wrong
    }

    private func write(_ connection: LoadConnection) async throws -> String? {
        guard let last = last.withLock({ $0 }), last.version % 5 != 0 else { return try await create(connection) }
        ledger.withLock { $0.asking(last.id, version: last.version + 1) }
        // What becomes of it isn't known until it is answered: the next step makes a new record.
        self.last.withLock { $0 = nil }
        let answer = try await connection.send(
            .PATCH, "\(Self.customers)/\(last.id)", ["display_name": .string("Version \(last.version + 1)")],
            headers: [("If-Match", "\"\(last.version)\"")])
        guard answer.status == 200, let version = answer.json["version"]?.int else { return Self.refusal(answer) }
        ledger.withLock { $0.acknowledged(last.id, version: Int(version)) }
        note(last.id, Int(version))
        return nil
    }

    private func create(_ connection: LoadConnection) async throws -> String? {
        let answer = try await connection.send(.POST, Self.customers, ["display_name": "Version 1"])
        guard answer.status == 201, let id = answer.json["id"]?.string, let version = answer.json["version"]?.int else {
            return Self.refusal(answer)
        }
        ledger.withLock { $0.created(id, version: Int(version)) }
        note(id, Int(version))
        return nil
    }

    private func note(_ id: String, _ version: Int) {
        last.withLock { $0 = (id, version) }
        acknowledged.add(1, ordering: .relaxed)
    }

    private static func refusal(_ answer: Answer) -> String { "\(answer.status) \(answer.code ?? "")" }
}
