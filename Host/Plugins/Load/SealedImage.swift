import CLinux
import Glibc

/// A library's bytes in a file that can never change again: what was checked is what is mapped.
///
/// The descriptor stays open as long as the process lives. The dynamic loader knows a library by its path, here
/// `/proc/self/fd/N`: with a number used twice it would give the older library.
struct SealedImage: Sendable {
    let descriptor: Int32

    /// An image that another process sealed, such as the one that is the standard input of a probe.
    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    var path: String { "/proc/self/fd/\(descriptor)" }

    /// - Parameter name: Shows up in `/proc/self/maps` as `/memfd:name`.
    init(name: String, bytes: [UInt8]) throws(SystemCallError) {
        // Sound: the buffer lives through the call, which reads exactly its bytes.
        descriptor = unsafe bytes.withUnsafeBytes { unsafe thorbis_sealed_memfd(name, $0.baseAddress, $0.count) }
        if descriptor < 0 { throw SystemCallError(call: "memfd_create") }
    }

    /// Maps the library, for ever, and gives its handle.
    ///
    /// `RTLD_NOW`, because a name that is missing must be found here and not in a request.
    @discardableResult
    func open() throws(LoaderError) -> UnsafeMutableRawPointer {
        // Sound: the path is copied for the call, and the library is never unmapped.
        guard let handle = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else { throw LoaderError() }
        return unsafe handle
    }
}

/// A call of the operating system that failed.
package struct SystemCallError: Error, Hashable, CustomStringConvertible {
    package let call: String
    package let number: Int32

    /// Takes the number from `errno`; made right after the call.
    init(call: String) {
        self.call = call
        number = errno
    }

    package var description: String {
        // Sound: strerror gives a text with an end, which is copied at once.
        unsafe "\(call): \(String(cString: strerror(number)))"
    }
}

/// What the dynamic loader says is wrong.
struct LoaderError: Error, Hashable, CustomStringConvertible {
    let description: String

    /// Takes the loader's message; made right after the call that failed.
    init() {
        // Sound: the text belongs to this thread and is copied before any other call of the loader.
        description = unsafe dlerror().map { unsafe String(cString: $0) } ?? "the dynamic loader gives no reason"
    }
}
