import Foundation
import Testing

/// Fresh hosts take over when one has mapped too much.
struct AdvisedHandOverTests {
    @Test func `a host that has mapped much is replaced by itself, once in a while, and at once when it is full`()
        async throws
    {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        let server = try await place.serve(["THORBIS_GENERATIONS_MAX": "4", "THORBIS_HANDOVER_PAUSE": "3600"])
        let first = try #require(host(of: server))
        let reloaded = try await place.detached("plugin", "reload", "core")
        #expect(reloaded.output.contains("1 retired generations are mapped, more than 0"), "\(reloaded.output)")
        let second = try await eventually(within: .seconds(30)) {
            host(of: server).flatMap { $0 == first ? nil : $0 }
        }
        try await eventually(within: .seconds(30)) { try log(place).contains("\"host has ended\"") ? true : nil }
        #expect(
            try log(place).contains("more than 0; `thorbis handover` gives their memory back. Fresh hosts take over."))

        // Another one has to wait, so the host is filled.
        for generation in 2...4 {
            let more = try await place.detached("plugin", "reload", "core")
            #expect(more.output.contains("core 1.0.0 serves, generation \(generation)"), "\(more.output)")
        }
        #expect(host(of: server) == second)
        try await eventually(within: .seconds(30)) {
            try log(place).contains("Fresh hosts take over in 3") ? true : nil
        }
        let full = try await place.detached("plugin", "reload", "core")
        #expect(full.code == 0, "\(full.output)")
        #expect(full.output.contains("error TP2308: This process has mapped 4 generations"), "\(full.output)")
        #expect(full.output.contains("fresh hosts take over, with what is installed:\nhost 1: \(second) → "))
        try await eventually(within: .seconds(30)) { host(of: server).flatMap { $0 == second ? nil : true } }
        #expect(try await place.detached("plugin", "list").output.contains("core 1.0.0 serves, generation 1"))
        #expect(try await server.stop() == 0)
    }

    /// The one host; nil while there are two.
    private func host(of server: ThorbisServer) -> Int32? {
        let hosts = ProcessTable.children(of: server.processID).filter {
            ProcessTable.commandLine(of: $0).contains("--ready-descriptor")
        }
        return hosts.count == 1 ? hosts.first : nil
    }

    private func log(_ place: PublishingPlace) throws -> String {
        try String(contentsOfFile: place.path("data.log"), encoding: .utf8)
    }
}
