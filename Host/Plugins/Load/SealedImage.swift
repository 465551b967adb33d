import CLinux
import Glibc

/// A library's bytes in a file that can never change again: what was checked is what is mapped.
///
/// The descriptor stays open as long as the process lives. The dynamic loader knows a library by its path, here
/// `/proc/self/fd/N`: with a number used twice it would give the older library.
struct SealedImage: Sendable {
    let descriptor: Int32

    var path: String { "/proc/self/fd/\(descriptor)" }

    /// - Parameter name: Shows up in `/proc/self/maps` as `/memfd:name`.
    init(name: String, bytes: [UInt8]) throws(SystemCallError) {
        // Sound: the buffer lives through the call, which reads exactly its bytes.
        descriptor = unsafe bytes.withUnsafeBytes { unsafe thorbis_sealed_memfd(name, $0.baseAddress, $0.count) }
        if descriptor < 0 { throw SystemCallError(call: "memfd_create") }
    }
}

/// A call of the operating system that failed.
struct SystemCallError: Error, Hashable, CustomStringConvertible {
    let call: String
    let number: Int32

    /// Takes the number from `errno`; made right after the call.
    init(call: String) {
        self.call = call
        number = errno
    }

    var description: String {
        // Sound: strerror gives a text with an end, which is copied at once.
        unsafe "\(call): \(String(cString: strerror(number)))"
    }
}
