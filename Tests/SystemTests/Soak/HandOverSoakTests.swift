import Foundation
import Synchronization
import Testing

/// Two hosts are replaced by fresh ones, again and again, below 64 connections of reads and operations.
struct HandOverSoakTests {
    @Test func `hand-overs in a row fail no request`() async throws {
        let folder = ThorbisServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try await ThorbisServer.start(dataFolder: folder, environment: ["THORBIS_HOSTS": "2"])
        let firm = try await Firm.signUp(at: server.baseURL)
        let orders = try await OrderLoad(firm, connectionCount: 64)
        let load = SoakLoad(client: firm.client) { try await orders.ask($0, $1) }
        let times = Mutex<[Duration]>([])
        let tally = try await load.during {
            for _ in 0..<Soak.handOverCount {
                let old = Set(Self.hosts(of: server))
                let start = ContinuousClock.now
                let done = try await Command(
                    arguments: ["handover"], environment: ["THORBIS_DATA": folder.path()]
                ).runBeside()
                times.withLock { $0.append(ContinuousClock.now - start) }
                #expect(done.code == 0 && done.output.contains("host 2: "), "\(done.output)")
                try await eventually(within: .seconds(60)) {
                    Set(Self.hosts(of: server)).isDisjoint(with: old) ? true : nil
                }
            }
        }
        let all = times.withLock { $0 }
        Soak.report("hand-over", "\(all.count) times, two hosts, 64 connections", Soak.spread(all), tally)
        Soak.report("hand-over", "each", all.map(Soak.text).joined(separator: ", "))
        #expect(tally.failures == [:])
        #expect(tally.answered > 64 * Soak.handOverCount)
        #expect(Self.hosts(of: server).count == 2)
        #expect(try await server.stop() == 0)
    }

    private static func hosts(of server: ThorbisServer) -> [Int32] {
        ProcessTable.children(of: server.processID).filter {
            ProcessTable.commandLine(of: $0).contains("--ready-descriptor")
        }
    }
}
