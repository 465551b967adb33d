import CLinux
import Foundation
import Glibc
import Synchronization

/// A child process that runs as the server's user and doesn't outlive us.
///
/// A thread of its own makes it and waits for it: the kernel ends the child when the thread that made it ends
/// (`PR_SET_PDEATHSIG`), and the threads of Swift's pool come and go. The thread ends with the child.
final class ServerChild: Sendable {
    struct Command: Sendable {
        let path: String
        let arguments: [String]
        /// A folder that the account can reach.
        let folder: String
        /// Gets the output, appended.
        let log: String
        /// How the child is asked to end when we die.
        let deathSignal: CInt
    }

    private enum State {
        case running(pid_t)
        case ended(status: CInt)
    }

    private let state: Mutex<State>

    private init(_ pid: pid_t) {
        self.state = Mutex(.running(pid))
    }

    /// Starts the command; returns when the process exists.
    static func start(_ command: Command, as account: ServerAccount) async throws(PrivateClusterError) -> ServerChild {
        let child: ServerChild? = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let pid = spawn(command, as: account)
                guard pid > 0 else { return continuation.resume(returning: nil) }
                let child = ServerChild(pid)
                continuation.resume(returning: child)
                child.reap(pid)
            }
        }
        guard let child else { throw PrivateClusterError(.failed, detail: "\(command.path) couldn't be started") }
        return child
    }

    /// The exit status as wait(2) gives it; nil while it runs.
    var exitStatus: CInt? {
        state.withLock { if case .ended(let status) = $0 { status } else { nil } }
    }

    var pid: pid_t? {
        state.withLock { if case .running(let pid) = $0 { pid } else { nil } }
    }

    /// Without effect once it has ended: the process id may be another's by then.
    func signal(_ signal: CInt) {
        state.withLock { if case .running(let pid) = $0 { kill(pid, signal) } }
    }

    /// Waits up to `limit` for the end.
    ///
    /// - Returns: The exit status, nil if it still runs.
    func wait(atMost limit: Duration) async -> CInt? {
        let end = ContinuousClock.now + limit
        while exitStatus == nil, ContinuousClock.now < end {
            // Cancelling the task ends the waiting early; the caller sees that it still runs.
            do { try await Task.sleep(for: .milliseconds(10)) } catch { break }
        }
        return exitStatus
    }

    private func reap(_ pid: pid_t) {
        var information = unsafe siginfo_t()
        // Sound: both calls write into locals. WNOWAIT leaves the process id taken until we have noted its end.
        while unsafe waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        state.withLock { state in
            var status: CInt = 0
            unsafe waitpid(pid, &status, 0)
            state = .ended(status: status)
        }
    }

    private static func spawn(_ command: Command, as account: ServerAccount) -> pid_t {
        let log = unsafe open(command.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard log >= 0 else { return -1 }
        defer { close(log) }
        var arguments = ParameterText()
        var environment = ParameterText()
        return unsafe arguments.lend([command.path] + command.arguments + [nil]) { arguments in
            unsafe environment.lend(["LC_ALL=C", "TZ=UTC", "PATH=/usr/bin:/bin", nil]) { environment in
                unsafe command.path.withCString { path in
                    unsafe command.folder.withCString { folder in
                        var child = unsafe thorbis_child(
                            path: path, arguments: arguments, environment: environment, folder: folder, log: log,
                            death_signal: command.deathSignal, changes_user: account.isAnother ? 1 : 0,
                            user: account.user, group: account.group)
                        // Sound: all pointers live in the enclosing closures; the child has its own copy of memory.
                        return unsafe thorbis_child_start(&child)
                    }
                }
            }
        }
    }
}
