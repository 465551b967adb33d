import Foundation
import HostSupervisor
import Testing

struct FileLockTests {
    private let path = FileManager.default.temporaryDirectory.appending(path: "lock-\(UUID().uuidString)").path()

    @Test func `one caller has it at a time, also within one process, and the next one after it ended`() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let first = try FileLock(at: path, waits: false)
        #expect(throws: FileLock.Failure.held) { try FileLock(at: path, waits: false) }
        #expect(throws: FileLock.Failure.held, "the one that was refused let nothing go") {
            try FileLock(at: path, waits: false)
        }
        first.end()
        try FileLock(at: path, waits: true).end()
        try FileLock(at: path, waits: false).end()
    }

    @Test func `a file that can't be made, and a link, are told apart from one that is held`() throws {
        #expect(throws: FileLock.Failure.unusable) { try FileLock(at: path + "/lock", waits: true) }
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/null")
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: FileLock.Failure.unusable) { try FileLock(at: path, waits: false) }
    }
}
