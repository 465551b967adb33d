import Foundation
import HostSupervisor

/// Keeps two reloads of one installation apart: `reload.lock` in the data folder, held by whoever is at work. Who made
/// it calls ``end()``.
struct ReloadLock {
    static let name = "reload.lock"
    private let lock: FileLock

    /// - Throws: ``CommandFailure`` when somebody else holds it.
    init(in folder: URL) throws {
        let path = folder.appending(path: Self.name).path()
        do throws(FileLock.Failure) {
            lock = try FileLock(at: path, waits: false)
        } catch .held {
            throw CommandFailure.findings("another `plugin reload` is under way; try again when it has ended.")
        } catch {
            throw CommandFailure.environment("the file \(path) can't be opened.")
        }
    }

    /// Lets the next one in.
    func end() { lock.end() }
}
