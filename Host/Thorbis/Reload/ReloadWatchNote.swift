import Foundation
import HostModel
import HostSupervisor

/// The record of the last reload as the commands write it and show it.
enum ReloadWatchNote {
    /// Writes down what a reload is about to change, in the place of what is there of one before.
    ///
    /// - Returns: The record; nil when no code changes, or nothing is to be watched.
    static func write(
        _ reload: HostsReload, _ waiting: [HostsReload.Waiting], _ settings: Settings
    ) throws -> ReloadRecord? {
        var record: ReloadRecord?
        // Hosts that started at different times may have different things to replace.
        let changes = Dictionary(
            waiting.flatMap(\.changes).map { ($0.plugin, $0) }, uniquingKeysWith: { first, _ in first })
        if settings.reloadWatch > .zero, !changes.isEmpty {
            record = ReloadRecord(
                ticket: reload.ticket, began: SystemClock().now(), length: settings.reloadWatch,
                changes: changes.values.sorted { $0.plugin < $1.plugin }, obstacle: waiting.compactMap(\.obstacle).first
            )
        }
        do {
            try CrashFolder(data: settings.dataFolder).write(record)
        } catch {
            throw CommandFailure.environment("\(ReloadRecord.file) in the data folder can't be written: \(error)")
        }
        return record
    }

    /// The last reload that brought other code.
    static func read(_ settings: Settings) throws -> ReloadRecord? {
        do {
            return try CrashFolder(data: settings.dataFolder).reload()
        } catch {
            throw CommandFailure.findings("\(error)")
        }
    }

    /// What the command says at its end.
    static func announcement(of record: ReloadRecord) -> [String] {
        let seconds = record.length.components.seconds
        if let obstacle = record.obstacle {
            return ["note: it is watched for \(seconds) s, but nothing is taken back: \(obstacle)"]
        }
        return record.changes.map { change in
            "\(change.plugin) \(change.version) is watched for \(seconds) s: a crash, or more faults or much longer "
                + "times than with \(earlier(change)), takes it back"
        }
    }

    /// The lines of `thorbis plugin list`.
    static func lines(of record: ReloadRecord) -> [String] {
        let now = SystemClock().now()
        return record.changes.map { change in
            let plugin = "\(change.plugin) \(change.version)"
            switch record.state(at: now) {
            case .watched:
                let seconds = (record.end - now).components.seconds + 1
                return "\(plugin) is watched for \(seconds) s more, in place of \(earlier(change))"
            case .passed: return "\(plugin) has passed the watch of its reload at \(time(record.began))"
            case .takenBack:
                let taken = record.takenBack.map { " at \(time($0.at)): \($0.reason)" } ?? ""
                return "\(plugin) was taken back for \(earlier(change))\(taken)"
            }
        }
    }

    /// The record with what it comes to.
    static func json(_ record: ReloadRecord) -> JSONValue {
        guard case .object(var members) = record.json else { return record.json }
        members["state"] = .string(record.state(at: SystemClock().now()).rawValue)
        return .object(members)
    }

    private static func earlier(_ change: ReloadRecord.Change) -> String {
        change.replacedVersion == change.version ? "the build before" : change.replacedVersion
    }

    private static func time(_ timestamp: Timestamp) -> String { timestamp.rfc3339.map { $0.prefix(19) + "Z" } ?? "" }
}
