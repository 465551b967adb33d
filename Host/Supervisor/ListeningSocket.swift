import CLinux
import Glibc

/// The socket that all hosts accept from; the supervisor holds it open, so that connections wait while hosts change.
package final class ListeningSocket: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
        /// Whether another socket has the port; it may come free.
        package let isTaken: Bool
    }

    /// Connections that wait in the kernel to be accepted.
    package static let backlog: Int32 = 1_024
    private static let authorityBytesMax = 128

    package let descriptor: Int32

    /// Binds and listens: connections are taken from here on, and wait until a host accepts them.
    ///
    /// - Parameter port: 0 takes a free one.
    package init(host: String, port: Int) throws(Failure) {
        var reason: UnsafePointer<CChar>?
        // Sound: C borrows the strings for the call; the reason is a constant of the C library.
        descriptor = unsafe thorbis_listen(host, String(port), Self.backlog, &reason)
        guard descriptor >= 0 else {
            let isTaken = errno == EADDRINUSE
            throw Failure(
                description: unsafe reason.map { unsafe String(cString: $0) } ?? "the address is unusable",
                isTaken: isTaken)
        }
    }

    deinit { Descriptors.close(descriptor) }

    /// `127.0.0.1:8080`
    package var authority: String { Self.authority(of: descriptor) ?? "an inherited socket" }

    /// Whether a descriptor that another process gave is a socket of this kind.
    package static func isListening(_ descriptor: Int32) -> Bool { thorbis_is_listening(descriptor) != 0 }

    /// Nil for a socket without an Internet address.
    package static func authority(of descriptor: Int32) -> String? {
        // Sound: C writes a string with its end into the buffer, which outlives the call.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: authorityBytesMax) { buffer in
            guard let text = buffer.baseAddress,
                unsafe thorbis_socket_authority(descriptor, text, authorityBytesMax) == 0
            else { return nil }
            return unsafe String(cString: text)
        }
    }
}
