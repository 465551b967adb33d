import Foundation
import HostModel
import HostSupervisor
import Synchronization
import Testing

/// The desk on a folder of its own.
struct CrashDeskTests {
    private let data = FileManager.default.temporaryDirectory.appending(
        path: "thorbis-desk-\(UUID().uuidString)", directoryHint: .isDirectory)
    private let said = Said()

    @Test func `a death is written down once, and its file taken away`() async throws {
        defer { remove() }
        try leave(of: 41)
        let desk = desk()
        #expect(await desk.died(death(41, at: 0)), "it counts against the plugin")
        let tombstone = try #require(folder.tombstones().first)
        #expect(tombstone.blame?.plugin == "hs")
        #expect(said.lines == ["host 41 died by signal 4 in hs 1.4.0 (operation first); 1 of 3 before quarantine"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: data.appending(path: "crashes").path()) == [])
    }

    @Test func `the third death quarantines the code, and hosts are told`() async throws {
        defer { remove() }
        let desk = desk()
        for turn in Int32(1)...3 {
            try leave(of: turn)
            await desk.died(death(turn, at: Int64(turn)))
        }
        let entry = try #require(try folder.quarantine()["abc"])
        #expect(entry.plugin == PluginID("hs"))
        #expect(entry.reason.contains("3 crashes within 10 minutes"))
        #expect(said.told == 1)
        #expect(said.lines.last?.contains("hs 1.4.0 is quarantined: 3 crashes") == true)
    }

    @Test func `crashes are counted by plugin, for longer than tombstones are kept`() async throws {
        defer { remove() }
        let desk = desk()
        for turn in Int32(1)...4 {
            if turn < 4 { try leave(of: turn) }
            await desk.died(death(turn, at: Int64(turn)))
        }
        #expect(folder.crashCounts() == ["hs": 3], "nobody is blamed for the fourth")
        try FileManager.default.removeItem(at: data.appending(path: "tombstones"))
        #expect(folder.crashCounts() == ["hs": 3])
    }

    @Test func `changes at once all stay in the list`() async throws {
        defer { remove() }
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        let plugin = try #require(PluginID("hs"))
        let folder = folder
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    try folder.change { list in
                        list.add(
                            .init(
                                plugin: plugin, version: "1.0.0", digest: "\(number)", reason: "",
                                since: Death.time(0)))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(Set(try folder.quarantine().entries.map(\.digest)) == Set((0..<40).map { "\($0)" }))
    }

    @Test func `a release begins the count anew`() async throws {
        defer { remove() }
        let desk = desk()
        for turn in Int32(1)...3 {
            try leave(of: turn)
            await desk.died(death(turn, at: Int64(turn)))
        }
        let plugin = try #require(PluginID("hs"))
        #expect(try folder.change { $0.release(plugin, at: Death.time(10)) }.map(\.digest) == ["abc"])
        try leave(of: 4)
        await desk.died(death(4, at: 11))
        #expect(try folder.quarantine().entries == [])
        #expect(said.lines.last?.hasSuffix("1 of 3 before quarantine") == true)
    }

    @Test func `hosts that nobody watched are looked after later, those that run aren't`() async throws {
        defer { remove() }
        try leave(of: 51)
        try leave(of: 52)
        await desk().sweep(at: Death.time(1)) { $0 == 52 }
        #expect(folder.tombstones().map(\.pid) == [51])
        await desk().sweep(at: Death.time(2)) { _ in false }
        #expect(Set(folder.tombstones().map(\.pid)) == [51, 52])
    }

    @Test func `as many tombstones are kept as there is room for`() async throws {
        defer { remove() }
        let desk = desk()
        for second in 0..<Int64(CrashFolder.tombstonesMax + 3) {
            await desk.died(Death.host(7, .signalled(9), at: Death.time(second)))
        }
        let kept = folder.tombstones()
        #expect(kept.count == CrashFolder.tombstonesMax)
        #expect(kept.last?.at == Death.time(3), "the oldest are gone")
    }

    @Test func `a death during the watch of a reload takes it back, and the rule doesn't count`() async throws {
        defer { remove() }
        let desk = CrashDesk(folder: folder) { [said] in
            said.add($0)
        } tellHosts: { [said] in
            said.tell()
        } takeBack: { tombstone in
            tombstone.blame?.digest == "abc" ? "hs 1.4.0 is taken back, 1.3.0 serves again" : nil
        }
        for turn in Int32(1)...3 {
            try leave(of: turn)
            await desk.died(death(turn, at: Int64(turn)))
        }
        #expect(said.lines.last?.hasSuffix("; hs 1.4.0 is taken back, 1.3.0 serves again") == true)
        #expect(try folder.quarantine().entries == [] && said.told == 0)
        #expect(folder.tombstones().count == 3)
    }

    @Test func `a damaged list lets nothing into service`() throws {
        defer { remove() }
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        for text in ["", "{}", #"{"quarantined": [{"plugin": "hs"}]}"#] {
            try Data(text.utf8).write(to: data.appending(path: "quarantine.json"))
            #expect(throws: CrashFolderError.self) { try folder.quarantine() }
        }
    }

    private var folder: CrashFolder { CrashFolder(data: data) }

    private func desk() -> CrashDesk {
        CrashDesk(folder: folder) { [said] in
            said.add($0)
        } tellHosts: { [said] in
            said.tell()
        }
    }

    private func remove() { try? FileManager.default.removeItem(at: data) }

    private func death(_ pid: Int32, at second: Int64) -> HostDeath {
        Death.host(pid, .signalled(4), at: Death.time(second))
    }

    /// What a host leaves that died while it served.
    private func leave(of pid: Int32) throws {
        let lines = """
            {"generation": 1, "plugin": "hs", "version": "1.4.0", "digest": "abc", "image": "x", "operations": ["first"]}
            {"ready": true}

            """
        let bytes = RecordBytes(mark: (1, 0), frames: [(0, 1)]).bytes + Array(lines.utf8)
        try Data(bytes).write(to: URL(filePath: try folder.crashFile(of: pid)))
    }
}

private final class Said: Sendable {
    private let state = Mutex((lines: [String](), told: 0))
    var lines: [String] { state.withLock(\.lines) }
    var told: Int { state.withLock(\.told) }
    func add(_ line: String) { state.withLock { $0.lines.append(line) } }
    func tell() { state.withLock { $0.told += 1 } }
}
