import Foundation
import Testing

/// Where SwiftPM put the libraries that are tested: the folder of the test bundle, or `THORBIS_BUILD_DIR`.
enum BuildFolder {
    static let url: URL = {
        if let path = ProcessInfo.processInfo.environment["THORBIS_BUILD_DIR"] { return URL(filePath: path) }
        return tests
    }()

    /// The folder of the running test bundle, whose libPluginAPI.so is the one in this process.
    static let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    /// The bytes of a file there.
    static func bytes(_ name: String) throws -> [UInt8] {
        let file = url.appending(path: name)
        let data = try #require(
            FileManager.default.contents(atPath: file.path),
            "\(file.path) is missing: run `swift build` before `swift test`, as script/test does.")
        return Array(data)
    }
}

/// The repository, found from where this file was compiled.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
}
