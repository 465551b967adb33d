import CLinux
import Glibc

/// The few calls on descriptors that the supervisor needs.
enum Descriptors {
    /// Both ends of a pipe; close-on-exec, so that only the child that is given an end has it.
    static func pipe() -> (read: Int32, write: Int32)? {
        var ends: (read: Int32, write: Int32) = (-1, -1)
        // Sound: C writes a number into each local, which outlives the call.
        let failed = unsafe thorbis_pipe(&ends.read, &ends.write)
        return failed == 0 ? ends : nil
    }

    static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

    static func stopBlocking(_ descriptor: Int32) {
        let flags = fcntl(descriptor, F_GETFL)
        if flags >= 0 { _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) }
    }

    /// What is there; empty at the end, nil when nothing is there or reading failed.
    static func read(_ descriptor: Int32, into buffer: inout [UInt8]) -> ArraySlice<UInt8>? {
        while true {
            // Sound: the kernel writes into the array, at most as much as it holds.
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count >= 0 { return buffer[..<count] }
            if errno != EINTR { return nil }
        }
    }
}
