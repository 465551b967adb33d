import Glibc

/// Keeps processes apart, and callers within one of them, by a file that one holds at a time. The kernel lets it go
/// when its holder ends, however that ends. Who made it calls ``end()``.
package struct FileLock {
    package enum Failure: Error, Hashable {
        case held
        /// The file can't be made, opened or locked.
        case unusable
    }

    private let descriptor: Int32

    /// - Parameters:
    ///   - path: Made when it isn't there; never a link.
    ///   - waits: Blocks until whoever holds it lets it go, instead of failing with ``Failure/held``.
    package init(at path: String, waits: Bool) throws(Failure) {
        // Sound: the path is copied for the call.
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .unusable }
        // Not `lockf`: that belongs to the process, so two callers in one would both have it.
        while flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            guard errno != EINTR else { continue }
            let isHeld = errno == EWOULDBLOCK
            close(descriptor)
            throw isHeld ? .held : .unusable
        }
    }

    /// Lets the next one in.
    package func end() { close(descriptor) }
}
