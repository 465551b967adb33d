import Foundation
import HostManifest
import Testing

/// The files of this repository, found from this source file.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func manifest(_ name: String) throws -> Manifest {
        let path = "manifests/\(name).yaml"
        return try ManifestParser.parse(yaml: try text(path), file: path, digest: try sha256(ofFile: path))
    }

    /// The digest that coreutils computes, so that no cryptography of ours is checked against itself.
    static func sha256(ofFile path: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/sha256sum")
        process.arguments = [root.appending(path: path).path()]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return String(try #require(text.split(separator: " ").first))
    }
}
