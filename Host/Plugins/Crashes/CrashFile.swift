import CLinux
import Glibc
import HostManifest
import HostModel
import Synchronization

/// What this process leaves behind should it die: a record that its signal handler writes, and lines of JSON that say
/// what the numbers in the record mean. HostSupervisor reads it.
///
/// The record is at the start, `recordBytes` long and all zero as long as nothing happened. The lines follow:
/// `{"module": 3, "path": …}`, `{"generation": 2, "plugin": …, …}`, `{"ready": true}`.
package final class CrashFile: Sendable {
    static let recordBytes = MemoryLayout<thorbis_crash_record>.size

    private struct State {
        /// Where the next line goes.
        var end = CrashFile.recordBytes
        var modules = 0
    }

    private let path: String
    private let descriptor: Int32
    private let state = Mutex(State())

    /// Makes the file and takes the fatal signals; both last as long as the process. Once a process.
    package init(path: String) throws(SystemCallError) {
        self.path = path
        // Sound: the path is copied for the call.
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemCallError(call: "open") }
        guard ftruncate(descriptor, Self.recordBytes) == 0 else { throw SystemCallError(call: "ftruncate") }
        guard thorbis_crash_begin(descriptor) == 0 else { throw SystemCallError(call: "sigaction") }
        noteModules()
    }

    /// Notes which plugin a generation's number stands for.
    func note(_ manifest: Manifest, generation: Int, digest: String, image: String) {
        write([
            "generation": .int(Int64(generation)), "plugin": .string(manifest.id.description),
            "version": .string(manifest.version.description), "digest": .string(digest), "image": .string(image),
            "operations": .array(manifest.operations.map { .string($0.name) }),
        ])
    }

    /// Notes the files that were loaded since the last call.
    func noteModules() {
        let (known, count) = state.withLock { state in
            let count = Int(thorbis_crash_modules())
            defer { state.modules = count }
            return (state.modules, count)
        }
        for number in known..<max(known, count) {
            // Sound: the text lives as long as the process and never changes.
            let path = unsafe thorbis_crash_module(Int32(number)).map { unsafe String(cString: $0) } ?? ""
            write(["module": .int(Int64(number)), "path": .string(path)])
        }
    }

    /// Notes that the process serves: a death from now on is no failed start.
    package func ready() { write(["ready": true]) }

    /// Has a thread that doesn't come back say where it is.
    package func record(_ stuck: PluginThreads.Stuck) { thorbis_crash_stuck(stuck.thread) }

    /// Takes the file away, at an end in order.
    package func remove() {
        // Sound: the path is copied for the call.
        unsafe unlink(path)
    }

    private func write(_ line: JSONValue) {
        let bytes = line.utf8 + [UInt8(ascii: "\n")]
        state.withLock { state in
            // Sound: the buffer lives through the call, which reads exactly its bytes.
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe pwrite(descriptor, buffer.baseAddress, buffer.count, state.end)
            }
            // Without the line a crash is told of all the same, with numbers in place of names.
            if written > 0 { state.end += written }
        }
    }
}
