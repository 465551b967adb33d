import Foundation
import HostModel
import NIOHTTP1
import Synchronization
import Testing

/// Plugins are replaced again and again, and their files are damaged, below 64 connections of reads and operations.
struct ReloadSoakTests {
    private static let loans = "/api/lend/app/v1/loans"

    /// Which version of a plugin all answers must come from; nil while it is being replaced.
    private struct Serving {
        var version: String?
        /// Counts replacements: an answer tells nothing when one began or ended while it was under way.
        var turn = 0
        var judged = 0
    }

    /// Where the load finds its records.
    private struct Places: Sendable {
        let loan: String
        let orders: [String]
    }

    @Test func `reloads in a row fail no request, and the old version is gone once one is reported`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        let server = try await Self.serve(place)
        let firm = try await Firm.signUp(at: server.baseURL)
        let places = try await Self.places(firm)
        let serving = Mutex(Serving(version: "1.0.0"))
        let host = try #require(ProcessTable.child(of: server.processID, running: "serve"))
        let memory = Mutex<[Double]>([])
        let refusals = Mutex(0)
        let load = SoakLoad(client: firm.client) { connection, number in
            try await Self.ask(connection, number, places, serving)
        }
        let tally = try await load.during {
            for turn in 1...Soak.reloadCount {
                let version = turn.isMultiple(of: 2) ? "1.0.0" : "1.1.0"
                #expect(try await place.detached("plugin", "activate", "lend", version).code == 0)
                serving.withLock { ($0.version, $0.turn) = (nil, $0.turn + 1) }
                // Code every other time: a process maps 200 generations of all plugins together at most.
                let names = turn.isMultiple(of: 2) ? ["lend"] : ["hs", "lend"]
                // A host that has mapped much is replaced by the supervisor, and while it ends a reload is refused.
                let reloaded = try await eventually(within: .seconds(20)) {
                    let result = try await place.detached(["plugin", "reload"] + names)
                    if result.code == 0 { return result }
                    refusals.withLock { $0 += 1 }
                    return nil
                }
                #expect(reloaded.output.contains("lend \(version) serves"), "\(reloaded.output)")
                serving.withLock { ($0.version, $0.turn) = (version, $0.turn + 1) }
                if ProcessTable.child(of: server.processID, running: "serve") == host {
                    memory.withLock { $0.append(ProcessTable.residentMemory(of: host)) }
                }
            }
        }
        let judged = serving.withLock(\.judged)
        let sizes = memory.withLock { $0 }
        // The first reloads fill what all later ones use again.
        let settled = sizes.count / 4
        let growth = (sizes[sizes.count - 1] - sizes[settled]) / Double(max(1, sizes.count - 1 - settled))
        Soak.report(
            "reloads", "\(Soak.reloadCount) reloads, 64 connections",
            "\(judged) versions judged, \(String(format: "%.2f", growth)) MB a reload, "
                + "\(refusals.withLock { $0 }) reloads refused during a hand-over", tally)
        #expect(tally.failures == [:])
        #expect(judged > 0 && tally.answered > 64)
        #expect(refusals.withLock { $0 } <= Soak.reloadCount / 5)
        _ = try await server.stop()
    }

    @Test func `whatever becomes of a library's file, the code that runs goes on`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        let server = try await Self.serve(place)
        let firm = try await Firm.signUp(at: server.baseURL)
        let places = try await Self.places(firm)
        let serving = Mutex(Serving(version: "1.0.0"))
        let library = try Self.library(below: place.data.appending(path: "plugins/hs/1.0.0"))
        let answered = Mutex(0)
        let load = SoakLoad(client: firm.client) { connection, number in
            let wrong = try await Self.ask(connection, number, places, serving)
            answered.withLock { $0 += 1 }
            return wrong
        }
        let tally = try await load.during {
            for damage in Self.damages {
                try damage(library)
                // Each connection in its turn, operations among them.
                let before = answered.withLock { $0 }
                try await eventually(within: .seconds(60)) { answered.withLock { $0 } > before + 200 ? true : nil }
            }
            #expect(try await place.detached("plugin", "reload", "hs").code == 1, "a damaged file isn't loaded")
        }
        Soak.report("files", "\(Self.damages.count) damages of a loaded library", "the code goes on", tally)
        #expect(tally.failures == [:])
        _ = try await server.stop()
    }

    /// What may happen to a file, one after the other.
    private static let damages: [@Sendable (URL) throws -> Void] = [
        { file in
            let handle = try FileHandle(forWritingTo: file)
            try handle.write(contentsOf: Data(repeating: 0xCC, count: 1 << 16))
            try handle.close()
        },
        { file in
            let handle = try FileHandle(forWritingTo: file)
            try handle.truncate(atOffset: 0)
            try handle.close()
        },
        { file in try Data(repeating: 7, count: 4_096).write(to: file, options: .atomic) },
        { file in try FileManager.default.removeItem(at: file) },
    ]

    private static func library(below folder: URL) throws -> URL {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path())
        let file = folder.appending(path: try #require(names.first { $0.hasSuffix(".so") }))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path())
        return file
    }

    // MARK: The installation and its load

    /// `hs` with its code, and two versions of `lend`, of which 1.1.0 has one field more.
    private static func serve(_ place: PublishingPlace) async throws -> ThorbisServer {
        try place.trust(unsigned: true)
        #expect(try place.publish("hs", library: "libHomeServicesPlugin.so").code == 0)
        #expect(try place.run("plugin", "install", place.path("hs")).code == 0)
        for (version, more) in [("1.1.0", ", note: {type: text, max: 50}"), ("1.0.0", "")] {
            #expect(try place.publish("lend", version: version, more: more).code == 0)
            #expect(try place.run("plugin", "install", place.path("lend")).code == 0)
        }
        return try await place.serve()
    }

    private static func places(_ firm: Firm) async throws -> Places {
        let loan = try await firm.make(loans, ["tool": "drill"])
        var orders: [String] = []
        for _ in 0..<8 { orders.append(try #require(try await firm.workOrder()["id"]?.string)) }
        return Places(loan: "\(loans)/\(try #require(loan["id"]?.string))", orders: orders)
    }

    /// Of eight connections one asks for operations, one for lists, two for records, four for the loan.
    private static func ask(
        _ connection: LoadConnection, _ number: Int, _ places: Places, _ serving: borrowing Mutex<Serving>
    ) async throws -> String? {
        let orders = "\(Firm.hs)/work-orders"
        let order = "\(orders)/\(places.orders[number / 8 % places.orders.count])"
        let answer: Answer
        switch number % 8 {
        case 0:
            answer = try await connection.send(
                .POST, "\(order)/actions/set-lines",
                ["lines": [["description": "Call-out", "qty_milli": 1000, "unit_price_minor": 2500]]])
        case 1: answer = try await connection.send(.GET, "\(orders)?limit=5")
        case 2, 3: answer = try await connection.send(.GET, order)
        default: return try await askLoan(connection, places.loan, serving)
        }
        return answer.status == 200 ? nil : "\(answer.status) \(answer.text)"
    }

    private static func askLoan(
        _ connection: LoadConnection, _ path: String, _ serving: borrowing Mutex<Serving>
    ) async throws -> String? {
        let before = serving.withLock { $0 }
        let answer = try await connection.send(.GET, path)
        guard answer.status == 200 else { return "\(answer.status) \(answer.text)" }
        let version = answer.json.object?.names.contains("note") == true ? "1.1.0" : "1.0.0"
        return serving.withLock { now in
            guard let wanted = before.version, now.turn == before.turn else { return nil }
            now.judged += 1
            return version == wanted ? nil : "answered by \(version) while \(wanted) serves: \(answer.text)"
        }
    }
}
