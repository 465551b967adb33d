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

    /// - Parameters:
    ///   - executable: The path of `thorbis`.
    ///   - arguments: The command and its options.
    ///   - environment: What to set on top of the inherited environment.
    ///   - clock: The time of deaths.
    ///   - stopLimit: How long the host may take to finish its requests before it is killed.
    package init(
        executable: String, arguments: [String], environment: [String: String], clock: any WallClock,
        stopLimit: Duration = .seconds(30)
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.clock = clock
        self.stopLimit = stopLimit
    }

    /// Runs the host, again after each death, until the task is cancelled.
    ///
    /// - Throws: ``Failure`` when the host can't be started, refuses to start, or dies too often.
    package func run() async throws {
        var policy = RestartPolicy()
        while !Task.isCancelled {
            let status = try await runOnce()
            if Task.isCancelled { return }
            // An exit by itself is an answer: the host has printed what it misses, and would print it again.
            if case .exited(let code) = status {
                throw Failure(description: "the host process ended with exit code \(code)")
            }
            switch policy.died(at: clock.now()) {
            case .restart(let delay): try? await Task.sleep(for: delay)
            case .giveUp(let deaths):
                throw Failure(description: "the host process died \(deaths) times within a minute: \(status)")
            }
        }
    }

    private func runOnce() async throws -> TerminationStatus {
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
        return result.terminationStatus
    }
}
