import Foundation
import Testing

/// A committed text that the code must still produce.
///
/// `THORBIS_RECORD=1 swift test --filter SQLTests` writes the files anew; the difference is then there to review.
struct GoldenFile {
    let name: String

    private var url: URL { Manifests.root.appending(path: "Tests/SQLTests/Golden/\(name)") }

    func expect(_ text: String) throws {
        if ProcessInfo.processInfo.environment["THORBIS_RECORD"] != nil {
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        let golden = try String(contentsOf: url, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        let made = text.split(separator: "\n", omittingEmptySubsequences: false)
        let difference = zip(golden, made).enumerated().first { $1.0 != $1.1 }
        #expect(difference == nil, "\(name) differs at line \((difference?.offset ?? 0) + 1)")
        #expect(golden.count == made.count, "\(name) has another number of lines")
    }
}
