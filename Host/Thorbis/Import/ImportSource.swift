import Foundation

/// The file on this side, read part by part.
struct ImportSource {
    let name: String
    let bytes: Int
    let isNDJSON: Bool
    private let handle: FileHandle

    /// - Throws: ``CommandFailure`` for a file that isn't there.
    init(path: String) throws {
        guard let handle = FileHandle(forReadingAtPath: path), let end = try? handle.seekToEnd() else {
            throw CommandFailure.usage("there is no readable file \(path).")
        }
        self.handle = handle
        name = String(URL(filePath: path).lastPathComponent.prefix(255))
        bytes = Int(end)
        isNDJSON = path.hasSuffix(".ndjson") || path.hasSuffix(".jsonl")
    }

    /// At most `count` bytes from an offset on.
    func read(_ count: Int, at offset: Int) throws -> Data {
        do {
            try handle.seek(toOffset: UInt64(offset))
            return try handle.read(upToCount: count) ?? Data()
        } catch {
            throw CommandFailure.environment("\(name) can't be read: \(error.localizedDescription)")
        }
    }
}
