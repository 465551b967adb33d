import Foundation
import Testing

// Reading a library is no other room's business, so it isn't package API.
@testable import HostPlugins

struct LibraryFileTests {
    @Test func `a file beyond the bound is refused before a byte of it is read`() throws {
        let file = try TemporaryFolder.make().appending(path: "libHuge.so")
        try Data().write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        // Sparse: it takes no room.
        try handle.truncate(atOffset: UInt64(LibraryFile.bytesMax) + 1)
        try handle.close()
        let refusal = try #require(throws: PluginRefusal.self) { try LibraryFile.read(file.path, of: "fx") }
        #expect(refusal.rule == "TP2004")
        #expect(refusal.message.contains("\(LibraryFile.bytesMax + 1) bytes"))
    }
}
