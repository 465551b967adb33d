import Foundation

/// The files below some folders at one moment, by what changes when somebody saves one.
struct SourceFiles: Equatable {
    /// Of one file.
    struct Stamp: Equatable {
        let saved: Date
        let size: Int
    }

    /// By path.
    private let stamps: [String: Stamp]

    /// More files than this aren't looked at: whoever has so many has given the wrong folder.
    private static let countMax = 5_000

    /// Looks at every file of these kinds that somebody wrote; a folder that isn't there has none.
    init(below folders: [URL], endings: [String] = [".swift", ".yaml"]) {
        var stamps: [String: Stamp] = [:]
        let keys: Set<URLResourceKey> = [.contentModificationDateKey, .fileSizeKey]
        for folder in folders {
            let walker = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: Array(keys))
            while let file = walker?.nextObject() as? URL, stamps.count < Self.countMax {
                let path = file.path()
                guard endings.contains(where: path.hasSuffix), !path.contains("/Generated/"),
                    let values = try? file.resourceValues(forKeys: keys), let saved = values.contentModificationDate
                else { continue }
                stamps[path] = Stamp(saved: saved, size: values.fileSize ?? 0)
            }
        }
        self.stamps = stamps
    }

    /// The files that were saved, made or removed since, sorted.
    func changes(since earlier: SourceFiles) -> [String] {
        Set(stamps.keys).union(earlier.stamps.keys).filter { stamps[$0] != earlier.stamps[$0] }.sorted()
    }

    /// When the last of these files was saved; nil when all of them were removed.
    func saved(_ paths: [String]) -> Date? { paths.compactMap { stamps[$0]?.saved }.max() }
}
