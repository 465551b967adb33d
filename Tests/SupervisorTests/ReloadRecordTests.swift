import Foundation
import HostModel
import HostSupervisor
import Testing

struct ReloadRecordTests {
    private func record(
        length: Duration = .seconds(60), obstacle: String? = nil, takenBack: ReloadRecord.TakenBack? = nil
    ) throws -> ReloadRecord {
        let plugin = try #require(PluginID("hs"))
        return ReloadRecord(
            ticket: "t", began: Death.time(0), length: length,
            changes: [
                .init(
                    plugin: plugin, version: "1.5.0", digest: "new", replacedVersion: "1.4.0", replacedDigest: "old")
            ], obstacle: obstacle, takenBack: takenBack)
    }

    @Test func `it is watched to its end, and what was taken back stays so`() throws {
        let record = try record()
        #expect(record.state(at: Death.time(59)) == .watched)
        #expect(record.state(at: Death.time(60)) == .passed)
        let taken = try self.record(takenBack: .init(reason: "3 of 41 calls", at: Death.time(7)))
        #expect(taken.state(at: Death.time(8)) == .takenBack)
        #expect(taken.state(at: Death.time(99)) == .takenBack)
    }

    @Test func `a death is the new code's only while it is watched`() throws {
        let record = try record()
        #expect(record.change(blamedFor: "new", at: Death.time(59))?.version == "1.5.0")
        #expect(record.change(blamedFor: "new", at: Death.time(60)) == nil)
        #expect(record.change(blamedFor: "new", at: Death.time(-1)) == nil)
        #expect(record.change(blamedFor: "old", at: Death.time(5)) == nil)
        let taken = try self.record(takenBack: .init(reason: "", at: Death.time(2)))
        #expect(taken.change(blamedFor: "new", at: Death.time(3)) == nil, "once is enough")
    }

    @Test func `it is read as it was written, and nothing else is one`() throws {
        let taken = ReloadRecord.TakenBack(reason: "3 of 41 calls", at: Death.time(7))
        for record in [try record(), try record(obstacle: "hs renames a to b"), try record(takenBack: taken)] {
            #expect(ReloadRecord(record.json) == record)
        }
        guard case .object(var members) = try record(takenBack: taken).json else { return }
        #expect(ReloadRecord(.object(members)) != nil)
        members["taken_back"] = ["reason": "no time"]
        #expect(ReloadRecord(.object(members)) == nil)
        for text in ["{}", "[]", #"{"ticket": "t", "began": "now", "milliseconds": 1, "changes": []}"#] {
            #expect(ReloadRecord(try JSONParser.parse(Array(text.utf8))) == nil)
        }
    }

    @Test func `the folder keeps one, and a damaged one is told of`() throws {
        let data = FileManager.default.temporaryDirectory.appending(
            path: "thorbis-reload-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: data) }
        let folder = CrashFolder(data: data)
        #expect(try folder.reload() == nil)
        try folder.write(nil as ReloadRecord?)
        try folder.write(try record())
        #expect(try folder.reload() == record())
        try folder.write(nil as ReloadRecord?)
        #expect(try folder.reload() == nil)
        try Data("{".utf8).write(to: data.appending(path: ReloadRecord.file))
        #expect(throws: CrashFolderError.self) { try folder.reload() }
    }
}
