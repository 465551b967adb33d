import Foundation
import HostManifest
import HostModel
import HostPlugins
import HostSupervisor

/// Takes the last reload back for a whole installation: first it is written down what serves from now on, for hosts
/// that start later, then the running ones are told.
///
/// Of a package the version in use becomes the one of before. A library of a build folder stays where it is, so its
/// bytes are quarantined: a host that starts doesn't serve them, and the next build is other bytes.
struct ReloadTakeBack: Sendable {
    let settings: Settings

    enum Outcome: Hashable {
        /// It stands written, by this call or by another host's.
        case written
        /// Another command holds the installation.
        case busy
        /// Another reload came after it.
        case over
        /// For people.
        case impossible(String)
    }

    private var folder: CrashFolder { CrashFolder(data: settings.dataFolder) }

    /// Writes down that a reload is taken back. Blocks for some files.
    ///
    /// - Parameter culprit: The plugin that is at fault; those that came with it go back too.
    func write(_ ticket: String, culprit: PluginID, reason: String) -> Outcome {
        guard let lock = try? ReloadLock(in: settings.dataFolder) else { return .busy }
        defer { lock.end() }
        do {
            guard var record = try folder.reload(), record.ticket == ticket else { return .over }
            if record.takenBack != nil { return .written }
            if let obstacle = record.obstacle { return .impossible("its migration is not undone: \(obstacle)") }
            for change in record.changes { try putBack(change, isCulprit: change.plugin == culprit, reason) }
            record.takenBack = ReloadRecord.TakenBack(reason: reason, at: SystemClock().now())
            try folder.write(record)
            return .written
        } catch let failure as CommandFailure {
            return .impossible(failure.message)
        } catch {
            return .impossible("\(error)")
        }
    }

    private func putBack(_ change: ReloadRecord.Change, isCulprit: Bool, _ reason: String) throws {
        let packages = InstalledPackages(data: settings.dataFolder, trust: try TrustFile.load(settings))
        if let version = version(before: change, in: packages) {
            try packages.activate(change.plugin, version)
        } else if isCulprit {
            let entry = QuarantineList.Entry(
                plugin: change.plugin, version: change.version, digest: change.digest,
                reason: "taken back after its reload: \(reason)", since: SystemClock().now())
            try QuarantineCommands.change(settings) { $0.add(entry) }
        }
    }

    /// The installed version that served before, if this change came by the version in use.
    private func version(before change: ReloadRecord.Change, in packages: InstalledPackages) -> SemanticVersion? {
        guard packages.activeVersion(of: change.plugin)?.description == change.version,
            let version = SemanticVersion(change.replacedVersion), version.description != change.version,
            let there = try? packages.package(change.plugin, version),
            there.codeDigest == change.replacedDigest
        else { return nil }
        return version
    }

    /// Has all other hosts that run go back.
    func tellHosts(_ ticket: String) async {
        let hosts = ControlSocket.hosts(in: settings.dataFolder).filter { !$0.isOwn }
        await withDiscardingTaskGroup { group in
            for host in hosts {
                group.addTask {
                    // One that has gone starts with what is written.
                    _ = try? await ControlSocket.ask(.takeBack(ticket: ticket), of: host)
                }
            }
        }
    }
}

extension ReloadTakeBack {
    /// How often, and after which pause, it is tried again while a command is at work.
    private static let attemptsMax = 30
    private static let pause: Duration = .milliseconds(100)

    /// Takes a reload back because of a host's death, when the code that is blamed came by it and is still watched.
    ///
    /// Called before the next host starts.
    ///
    /// - Returns: What was done, for people; nil for nothing.
    func afterDeath(_ tombstone: Tombstone) async -> String? {
        guard let blame = tombstone.blame, let record = try? folder.reload(),
            let change = record.change(blamedFor: blame.digest, at: tombstone.at)
        else { return nil }
        for _ in 0..<Self.attemptsMax {
            switch write(record.ticket, culprit: change.plugin, reason: tombstone.sentence) {
            case .busy: try? await Task.sleep(for: Self.pause)
            case .over, .impossible: return nil
            case .written:
                await tellHosts(record.ticket)
                return "\(change.plugin) \(change.version) is taken back, \(change.replacedVersion) serves again"
            }
        }
        return nil
    }
}
