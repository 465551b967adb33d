import Foundation
import HostModel
import Synchronization
import Testing

/// `thorbis plugin reload --watch` for a plugin that is its manifest alone, so that nothing has to be built.
struct WatchTests {
    @Test func `what is saved is served, and what is wrong changes nothing`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        try place.write("lend", more: "")
        let server = try await place.serve()
        let firm = try await Firm.signUp(at: server.baseURL)
        let watch = try place.watch()
        defer { watch.process.terminate() }
        let said = Lines(watch.output)
        try await said.wait(for: "watching ")
        #expect(try await firm.client.post(Self.loans, ["tool": "drill", "note": "new"]).status == 422)

        try place.write("lend", more: ", note: {type: text, max: 50}")
        try await said.wait(for: "serving ")
        #expect(said.text.contains("saved: lend.yaml"), "\(said.text)")
        #expect(said.text.contains("lend: add column lend.loan.note text"), "\(said.text)")
        #expect(try await firm.client.post(Self.loans, ["tool": "drill", "note": "new"]).status == 201)

        try place.write("lend", more: ", note: {type: text, max: 50}, wrong: {typ: text}")
        try await said.wait(for: "nothing changed; what served goes on")
        #expect(said.text.contains("error TM1003: the key `typ` is not known"), "\(said.text)")
        #expect(try await firm.client.post(Self.loans, ["tool": "saw", "note": "newer"]).status == 201)
        _ = try await server.stop()
    }

    private static let loans = "/api/lend/app/v1/loans"

    /// What a program has said so far; read on a thread of its own.
    private final class Lines: Sendable {
        private let said = Mutex("")

        init(_ pipe: Pipe) {
            Thread.detachNewThread { [self] in
                // Nothing is available once the program has ended.
                while case let part = pipe.fileHandleForReading.availableData, !part.isEmpty {
                    said.withLock { $0 += String(decoding: part, as: UTF8.self) }
                }
            }
        }

        var text: String { said.withLock { $0 } }

        func wait(for words: String) async throws {
            try await eventually(within: .seconds(30)) { self.text.contains(words) ? true : nil }
        }
    }
}
