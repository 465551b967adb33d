import Foundation
import Testing

/// What this process has mapped.
enum MemoryMap {
    /// The mapped text of each file whose path contains a text; one for each time it is mapped.
    static func textFiles(named part: String) throws -> [String] {
        let handle = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/maps"))
        let maps = String(decoding: try #require(try handle.readToEnd()), as: UTF8.self)
        return maps.split(separator: "\n").filter { $0.contains("r-xp") && $0.contains(part) }.map(String.init)
    }
}
