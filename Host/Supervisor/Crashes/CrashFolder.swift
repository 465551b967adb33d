package import Foundation
import HostModel

/// What is kept of crashes in the data folder: `crashes/` of hosts that run, `tombstones/`, `quarantine.json`, and
/// `reload-watch.json`, since a reload may be taken back for a crash.
package struct CrashFolder: Sendable {
    /// Tombstones that are kept; the oldest go first.
    package static let tombstonesMax = 100

    /// How many plugins crashes are counted of.
    private static let countedMax = 1_000
    private static let counts = "crash-counts.json"
    private static let lock = "crashes.lock"

    private let data: URL
    private var crashes: URL { data.appending(path: "crashes", directoryHint: .isDirectory) }
    private var tombstoneFolder: URL { data.appending(path: "tombstones", directoryHint: .isDirectory) }

    package init(data: URL) {
        self.data = data
    }

    /// Where a host writes its record; makes the folder.
    package func crashFile(of pid: Int32) throws -> String {
        try make(crashes)
        return crashes.appending(path: "\(pid)").path()
    }

    /// Takes what a host left behind, for good: of two that take it one gets it. Nil when it left nothing.
    func take(_ pid: Int32) -> CrashReport? {
        let taken = crashes.appending(path: ".\(pid).\(UUID().uuidString)")
        do {
            try FileManager.default.moveItem(at: crashes.appending(path: "\(pid)"), to: taken)
            defer { try? FileManager.default.removeItem(at: taken) }
            return CrashReport(Array(try Data(contentsOf: taken)))
        } catch {
            return nil
        }
    }

    /// Hosts that left something behind, whether they run or not.
    func pids() -> [Int32] { names(in: crashes).compactMap { Int32($0) } }

    /// Every tombstone, the newest first. What can't be read is left out.
    package func tombstones() -> [Tombstone] {
        names(in: tombstoneFolder).compactMap { name in
            guard let bytes = try? Data(contentsOf: tombstoneFolder.appending(path: name)) else { return nil }
            return (try? JSONParser.parse(Array(bytes))).flatMap { Tombstone($0) }
        }.sorted { $0.at > $1.at }
    }

    /// For who holds the lock.
    func add(_ tombstone: Tombstone) throws {
        if let blame = tombstone.blame { try count(blame.plugin) }
        let time = (tombstone.at.rfc3339 ?? "").replacing(":", with: "-")
        // With the process, since several hosts may die at once.
        let name = "\(time)-\(tombstone.blame?.plugin ?? "host")-\(tombstone.pid).json"
        try write(tombstone.json, to: tombstoneFolder.appending(path: name))
        // Their names begin with the time.
        for old in names(in: tombstoneFolder).sorted().dropLast(Self.tombstonesMax) {
            try? FileManager.default.removeItem(at: tombstoneFolder.appending(path: old))
        }
    }

    /// - Throws: ``CrashFolderError`` for a file that is damaged.
    package func quarantine() throws -> QuarantineList {
        let file = data.appending(path: QuarantineList.file)
        guard FileManager.default.fileExists(atPath: file.path()) else { return QuarantineList() }
        guard let list = (try? JSONParser.parse(Array(try Data(contentsOf: file)))).flatMap({ QuarantineList($0) })
        else { throw CrashFolderError(description: "\(file.path()) can't be read; correct it or remove it.") }
        return list
    }

    /// Keeps everybody else from changing what is kept of crashes while the body runs, and waits for them: all read and
    /// write a few small files.
    package func locked<Answer>(_ body: () throws -> Answer) throws -> Answer {
        // Of a folder that is new: the lock is a file in it.
        try make(tombstoneFolder)
        let path = data.appending(path: Self.lock).path()
        guard let lock = try? FileLock(at: path, waits: true) else {
            throw CrashFolderError(description: "\(path) can't be locked.")
        }
        defer { lock.end() }
        return try body()
    }

    /// Changes the list of quarantined code, on top of what others have made of it.
    package func change<Answer>(_ body: (inout QuarantineList) -> Answer) throws -> Answer {
        try locked {
            var list = try quarantine()
            let answer = body(&list)
            try write(list)
            return answer
        }
    }

    /// How often each plugin has ended a host of this data folder; deaths that nobody is blamed for aren't counted.
    package func crashCounts() -> [String: Int] {
        guard let bytes = try? Data(contentsOf: data.appending(path: Self.counts)),
            let members = (try? JSONParser.parse(Array(bytes)))?.object?.members
        else { return [:] }
        return Dictionary(members.map { ($0.name, Int($0.value.int ?? 0)) }) { $0 + $1 }
    }

    /// Tombstones are thrown away, the count goes on.
    private func count(_ plugin: String) throws {
        var counts = crashCounts()
        guard counts[plugin] != nil || counts.count < Self.countedMax else { return }
        counts[plugin, default: 0] += 1
        var json = JSONObject()
        for (name, number) in counts.sorted(by: { $0.key < $1.key }) { json[name] = .int(Int64(number)) }
        try write(.object(json), to: data.appending(path: Self.counts))
    }

    func write(_ list: QuarantineList) throws {
        try write(list.json, to: data.appending(path: QuarantineList.file))
    }

    /// The last reload that brought other code; nil when there was none.
    ///
    /// - Throws: ``CrashFolderError`` for a file that is damaged.
    package func reload() throws -> ReloadRecord? {
        let file = data.appending(path: ReloadRecord.file)
        guard FileManager.default.fileExists(atPath: file.path()) else { return nil }
        guard let record = (try? JSONParser.parse(Array(try Data(contentsOf: file)))).flatMap({ ReloadRecord($0) })
        else { throw CrashFolderError(description: "\(file.path()) can't be read; remove it.") }
        return record
    }

    /// Notes a reload, or that there is none to be told of.
    package func write(_ record: ReloadRecord?) throws {
        let file = data.appending(path: ReloadRecord.file)
        if let record { return try write(record.json, to: file) }
        if FileManager.default.fileExists(atPath: file.path()) { try FileManager.default.removeItem(at: file) }
    }

    private func write(_ json: JSONValue, to file: URL) throws {
        try Data(json.utf8 + [UInt8(ascii: "\n")]).write(to: file, options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path())
    }

    private func make(_ folder: URL) throws {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    private func names(in folder: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return names.filter { !$0.hasPrefix(".") }
    }
}

/// A file about crashes that isn't what it should be; for people.
package struct CrashFolderError: Error, Hashable, CustomStringConvertible {
    package let description: String
}
