import Glibc
import Synchronization

/// Where the lines of all hosts go, each whole.
package final class LogSink: Sendable {
    private let descriptor: Int32
    private let writing = Mutex<Void>(())

    /// - Parameter descriptor: Stays the caller's; standard error as a rule.
    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Writes a host's line: JSON as it is, anything else (the last words of a crash) after the host's name.
    func write(_ line: [UInt8], of host: String) {
        let isRecord = line.first == UInt8(ascii: "{")
        let bytes = (isRecord ? [] : Array("\(host): ".utf8)) + line + [UInt8(ascii: "\n")]
        writing.withLock { _ in writeAll(bytes) }
    }

    private func writeAll(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // Sound: the bytes outlive the call.
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // A log that can't be written is lost; there is no other place to say so.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
