package import HostModel
import Subprocess
import SystemPackage

/// Keeps one host process (`thorbis serve`) running until told to stop.
///
/// The process has a process group of its own, so that Ctrl-C in a terminal reaches the supervisor alone and the host
/// stops in order: requests first, database last. Its output goes where the supervisor's goes.
package struct HostProcess: Sendable {
    /// Why the host is not running any more.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let executable: String
    private let arguments: [String]
    private let environment: [String: String]
    private let clock: any WallClock
    private let stopLimit: Duration
    private let died: @Sendable (HostDeath) async -> Void

    /// - Parameters:
    ///   - executable: The path of `thorbis`.
    ///   - arguments: The command and its options.
    ///   - environment: What to set on top of the inherited environment.
    ///   - clock: The time of deaths.
    ///   - stopLimit: How long the host may take to finish its requests before it is killed.
    ///   - died: Told of every death that nobody asked for, before the next start.
    package init(
        executable: String, arguments: [String], environment: [String: String], clock: any WallClock,
        stopLimit: Duration = .seconds(30), died: @escaping @Sendable (HostDeath) async -> Void = { _ in }
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.clock = clock
        self.stopLimit = stopLimit
        self.died = died
    }

    /// Runs the host, again after each death, until the task is cancelled.
    ///
    /// - Throws: ``Failure`` when the host can't be started, refuses to start, or dies too often.
    package func run() async throws {
        var policy = RestartPolicy()
        var generation = 0
        while !Task.isCancelled {
            generation += 1
            let (pid, status) = try await runOnce()
            if Task.isCancelled { return }
            let death = HostDeath(pid: pid, cause: .init(status), generation: generation, at: clock.now())
            // Any other exit by itself is an answer: the host has printed what it misses, and would print it again.
            if case .exited(let code) = death.cause, code != HostExit.recycled {
                throw Failure(description: "the host process ended with exit code \(code)")
            }
            await died(death)
            switch policy.died(at: death.at) {
            case .restart(let delay):
                if death.cause != .exited(HostExit.recycled) { try? await Task.sleep(for: delay) }
            case .giveUp(let deaths):
                throw Failure(description: "the host process died \(deaths) times within a minute: \(status)")
            }
        }
    }

    private func runOnce() async throws -> (Int32, TerminationStatus) {
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: stopLimit)]
        var settings: [Environment.Key: String?] = [:]
        for (name, value) in environment { settings[.init(stringLiteral: name)] = value }
        let lifeline = try Lifeline()
        defer { lifeline.cut() }
        let result = try await Subprocess.run(
            .path(FilePath(executable)), arguments: .init(arguments + ["--until-input-ends"]),
            environment: .inherit.updating(settings), platformOptions: options,
            input: .fileDescriptor(lifeline.childEnd, closeAfterSpawningProcess: true),
            output: .currentStandardOutput, error: .currentStandardError)
        return (result.processIdentifier.value, result.terminationStatus)
    }
}

extension HostDeath.Cause {
    init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code): self = .exited(code)
        case .signaled(let signal): self = .signalled(signal)
        }
    }
}
