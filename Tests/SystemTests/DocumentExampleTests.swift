import Foundation
import HostModel
import Testing

/// What the documents show is what the server does.
struct DocumentExampleTests {
    @Test func `every example of docs/API.md runs as it is written`() async throws {
        let document = try DocumentExamples(ThorbisServer.root.appending(path: "docs/API.md"))
        #expect(document.examples.count > 3)
        var run = ExampleRun(try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL))
        for example in document.examples { try await run.play(example) }
    }
}
