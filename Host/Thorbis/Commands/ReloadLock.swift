import Foundation
import Glibc

/// Keeps two reloads of one installation apart: `reload.lock` in the data folder, held by the command at work. The
/// kernel lets it go when that process ends, however it ends. Who made it calls ``end()``.
struct ReloadLock {
    static let name = "reload.lock"
    private let descriptor: Int32

    /// - Throws: ``CommandFailure`` when another command holds it.
    init(in folder: URL) throws {
        let path = folder.appending(path: Self.name).path()
        // Sound: the path is copied for the call.
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure.environment("the file \(path) can't be opened.")
        }
        guard lockf(descriptor, F_TLOCK, 0) == 0 else {
            close(descriptor)
            throw CommandFailure.findings("another `plugin reload` is under way; try again when it has ended.")
        }
    }

    /// Lets the next one in.
    func end() { close(descriptor) }
}
