import CLinux
import Foundation
import Glibc

/// One host process, from its start to its end, with a thread that listens to it.
///
/// Its descriptors: 0 is a pipe that ends when this process does, however it does (the lifeline; unlike a parent-death
/// signal it doesn't depend on the thread that started the child), 1 and 2 are its log, 3 the listening socket, 4 the
/// pipe on which it says that it serves, 5 the memory that all hosts share.
final class HostChild: Sendable {
    enum Event: Sendable {
        case ready
        /// After the last line of its log was passed on.
        case ended(HostDeath.Ending)
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let listenDescriptor: Int32 = 3
    static let readyDescriptor: Int32 = 4
    static let memoryDescriptor: Int32 = 5

    let pid: Int32
    private let process: Int32
    private let lifeline: Int32

    private init(pid: Int32, process: Int32, lifeline: Int32) {
        self.pid = pid
        self.process = process
        self.lifeline = lifeline
    }

    deinit {
        Descriptors.close(lifeline)
        Descriptors.close(process)
    }

    /// Without effect once it has ended.
    func signal(_ signal: Int32) { _ = thorbis_process_signal(process, signal) }

    /// - Parameters:
    ///   - tell: Called on the child's thread with the process id: at most once with
    ///     `ready`, once with `ended`, which is the last.
    static func start(
        _ order: HostOrder, slot: Int, listener: Int32, memory: Int32, sink: LogSink,
        tell: @escaping @Sendable (Int32, Event) -> Void
    ) throws(Failure) -> HostChild {
        guard let lifeline = Descriptors.pipe() else { throw failure() }
        defer { Descriptors.close(lifeline.read) }
        guard let log = Descriptors.pipe() else {
            Descriptors.close(lifeline.write)
            throw failure()
        }
        defer { Descriptors.close(log.write) }
        guard let ready = Descriptors.pipe() else {
            for descriptor in [lifeline.write, log.read] { Descriptors.close(descriptor) }
            throw failure()
        }
        defer { Descriptors.close(ready.write) }
        let pid = Spawn.start(
            order.executable, order.arguments(slot: slot), order.environment,
            descriptors: [lifeline.read, log.write, log.write, listener, ready.write, memory])
        let reason = errno
        let process = pid > 0 ? thorbis_process_descriptor(pid) : -1
        guard process >= 0 else {
            for descriptor in [lifeline.write, log.read, ready.read] { Descriptors.close(descriptor) }
            errno = pid > 0 ? errno : reason
            throw failure()
        }
        let watch = HostWatch(
            pid: pid, process: process, log: log.read, ready: ready.read, name: "host \(slot) (\(pid))", sink: sink)
        let child = HostChild(pid: pid, process: process, lifeline: lifeline.write)
        Thread.detachNewThread {
            // Keeps the descriptors of the child open until its end is told.
            withExtendedLifetime(child) { watch.run { tell(pid, $0) } }
        }
        return child
    }

    private static func failure() -> Failure {
        // Sound: the text is copied at once; glibc keeps one per thread.
        Failure(description: unsafe String(cString: strerror(errno)))
    }
}

/// What to start as a host.
package struct HostOrder: Sendable {
    let executable: String
    let command: [String]
    let environment: [String]

    /// - Parameters:
    ///   - executable: The path that the supervisor was started by: after an upgrade the new file is there.
    ///   - command: What to do, with options.
    ///   - environment: All of it.
    package init(executable: String, command: [String], environment: [String: String]) {
        self.executable = executable
        self.command = command
        self.environment = environment.map { "\($0.key)=\($0.value)" }.sorted()
    }

    func arguments(slot: Int) -> [String] {
        [executable] + command + [
            "--until-input-ends", "--listen-descriptor", "\(HostChild.listenDescriptor)", "--ready-descriptor",
            "\(HostChild.readyDescriptor)", "--board-descriptor", "\(HostChild.memoryDescriptor)", "--slot", "\(slot)",
        ]
    }
}
