import Foundation
import HostModel
import HostPlugins
import HostSupervisor

/// Crashes as this executable sees them: the host's file, the desk, and what is quarantined.
enum CrashWatch {
    /// Looks into deaths for whoever starts hosts: a supervisor, or a host itself about those before it.
    static func desk(_ settings: Settings) -> CrashDesk {
        let data = settings.dataFolder
        return CrashDesk(folder: CrashFolder(data: data)) {
            printError("thorbis: \($0)")
        } tellHosts: {
            do {
                _ = try await ControlSocket.ask(.obeyQuarantine, in: data)
            } catch {
                printError("thorbis: a host didn't answer when it was told of the quarantine: \(error)")
            }
        } takeBack: { tombstone in
            await ReloadTakeBack(settings: settings).afterDeath(tombstone)
        }
    }

    /// Opens this host's file, after a look at what hosts before it left behind.
    static func begin(_ settings: Settings, clock: SystemClock) async throws -> CrashFile {
        let own = ProcessInfo.processInfo.processIdentifier
        await desk(settings).sweep(at: clock.now()) { $0 != own && isHost($0) }
        do {
            return try CrashFile(path: try CrashFolder(data: settings.dataFolder).crashFile(of: own))
        } catch {
            throw CommandFailure.environment(
                "the folder for crashes in \(settings.dataFolder.path()) can't be used: \(error)")
        }
    }

    /// The code that may not run; a file that is damaged stops every command, rather than let code into service.
    static func quarantine(_ settings: Settings) throws -> QuarantineList {
        do {
            return try CrashFolder(data: settings.dataFolder).quarantine()
        } catch {
            throw CommandFailure.findings("\(error)")
        }
    }

    private static func isHost(_ pid: Int32) -> Bool {
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe")
        return path.map { URL(filePath: $0).lastPathComponent.hasPrefix("thorbis") } ?? false
    }
}
