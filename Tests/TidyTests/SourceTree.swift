import Foundation
import Testing

/// The project's own Swift files, read once for the rules below.
struct SourceTree {
    struct File {
        /// From the root of the project: `Host/Model/Tier.swift`.
        let path: String
        let text: String
        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var isGenerated: Bool { path.contains("/Generated/") }
    }

    static let root: URL = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every Swift file below the given folders, sorted by path.
    static func files(below folders: [String]) throws -> [File] {
        var files: [File] = []
        for folder in folders {
            let base = root.appending(path: folder)
            let walker = try #require(FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil))
            for case let url as URL in walker where url.pathExtension == "swift" && !url.path().contains("/.build") {
                let path = String(url.path().dropFirst(root.path().count))
                files.append(File(path: path, text: try String(contentsOf: url, encoding: .utf8)))
            }
        }
        return files.sorted { $0.path < $1.path }
    }

    static let product = ["Host", "PluginAPI", "Plugins"]
}
