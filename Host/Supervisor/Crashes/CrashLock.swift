import Glibc

/// Keeps processes apart that change what is kept of crashes: `crashes.lock` in the data folder. The kernel lets it go
/// when its holder ends, however that ends.
enum CrashLock {
    static let name = "crashes.lock"

    /// Runs the body while no other process, and no other caller in this one, does; waits for them. They read and write
    /// a few small files.
    static func during<Answer>(_ path: String, _ body: () throws -> Answer) throws -> Answer {
        // Sound: the path is copied for the call.
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw CrashFolderError(description: "\(path) can't be opened.") }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw CrashFolderError(description: "\(path) can't be locked.") }
        }
        return try body()
    }
}
