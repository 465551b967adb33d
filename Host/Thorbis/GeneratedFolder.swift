import Foundation
import HostManifest

/// `Plugins/<Name>/Generated/` of one plugin, kept equal to what its manifest generates.
struct GeneratedFolder {
    /// What the generator writes; each path is from the root of the project.
    let files: [GeneratedFile]
    let root: URL

    /// The files that differ from what is there, and files that are generated no more; sorted.
    func stale() -> [String] {
        let differing = files.filter { file in
            (try? String(contentsOf: root.appending(path: file.path), encoding: .utf8)) != file.text
        }
        return (differing.map(\.path) + leftovers).sorted()
    }

    /// Makes the folder equal to the generated files.
    func write() throws {
        for file in files {
            let url = root.appending(path: file.path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try file.text.write(to: url, atomically: true, encoding: .utf8)
        }
        for path in leftovers { try FileManager.default.removeItem(at: root.appending(path: path)) }
    }

    private var leftovers: [String] {
        let wanted = Set(files.map(\.path))
        let folders = Set(files.map { ($0.path as NSString).deletingLastPathComponent })
        return folders.flatMap { folder in
            let names =
                (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path())) ?? []
            return names.filter { $0.hasSuffix(".swift") }.map { "\(folder)/\($0)" }
        }.filter { !wanted.contains($0) }
    }
}
