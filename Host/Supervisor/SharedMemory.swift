import CLinux
import Glibc

/// Memory of a fixed size, all zeros at first, that lives as long as somebody has its descriptor: what hosts on one
/// socket share. It survives each of them.
package final class SharedMemory: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package let descriptor: Int32

    /// - Parameter name: Shows up in `/proc/<pid>/maps`.
    package init(name: String, byteCount: Int) throws(Failure) {
        // Sound: C borrows the string for the call.
        descriptor = unsafe thorbis_shared_memfd(name, byteCount)
        guard descriptor >= 0 else {
            // Sound: the text is copied at once; glibc keeps one per thread.
            throw Failure(description: unsafe String(cString: strerror(errno)))
        }
    }

    deinit { Descriptors.close(descriptor) }
}
