import ArgumentParser
import Foundation

/// A command that can't go on: what to tell the person, and the exit code.
struct CommandFailure: Error, Sendable {
    let message: String
    let exitCode: ExitCode
    /// The id of a rule on plugins that was broken; nil when it was something else.
    var rule: String?

    /// Something was found that the command looks for.
    static func findings(_ message: String) -> CommandFailure { .init(message: message, exitCode: ExitCode(1)) }
    /// The command or a setting makes no sense.
    static func usage(_ message: String) -> CommandFailure { .init(message: message, exitCode: ExitCode(2)) }
    /// The machine, the database or a file is not as needed.
    static func environment(_ message: String) -> CommandFailure { .init(message: message, exitCode: ExitCode(3)) }
}

/// Runs a command's body; a failure is printed as `thorbis: …` on standard error and sets the exit code.
func reportingFailure(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let failure as CommandFailure {
        printError("thorbis: \(failure.message)")
        throw failure.exitCode
    }
}

func printError(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
}

/// Prints a line at once, also into a pipe, where standard output would wait for a full block.
func printLine(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}
