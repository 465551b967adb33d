import Subprocess
import SystemPackage

/// Runs a command that may trap or hang, for its output.
///
/// It gets none of this process's environment: no database address, no keys.
package struct ProbeProcess: Sendable {
    package enum Outcome: Hashable, Sendable {
        /// It ended with code 0.
        case answered([UInt8])
        /// It ended otherwise: "ended with code 7", "was ended by signal 4".
        case died(String)
        case timedOut
    }

    private let executable: String
    private let arguments: [String]
    private let environment: [String: String]
    private let limit: Duration

    private static let outputBytesMax = 1 << 20

    /// - Parameters:
    ///   - environment: All of it; nothing of this process's is inherited.
    ///   - limit: After which it is killed.
    package init(executable: String, arguments: [String], environment: [String: String], limit: Duration) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.limit = limit
    }

    /// - Parameter input: Becomes its standard input; stays open here.
    /// - Throws: When it can't be started.
    package func run(input: Int32) async throws -> Outcome {
        try await withThrowingTaskGroup(of: Outcome.self) { group in
            group.addTask { try await outcome(input) }
            group.addTask { [limit] in
                try await Task.sleep(for: limit)
                return .timedOut
            }
            defer { group.cancelAll() }
            return try await group.next() ?? .timedOut
        }
    }

    private func outcome(_ input: Int32) async throws -> Outcome {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment { variables[.init(stringLiteral: name)] = value }
        var options = PlatformOptions()
        // Nothing before the kill that ends every teardown.
        options.teardownSequence = []
        let ended = try await Subprocess.run(
            .path(FilePath(executable)), arguments: .init(arguments), environment: .custom(variables),
            platformOptions: options,
            input: .fileDescriptor(FileDescriptor(rawValue: input), closeAfterSpawningProcess: false),
            output: .bytes(limit: Self.outputBytesMax), error: .discarded)
        switch ended.terminationStatus {
        case .exited(0): return .answered(ended.standardOutput)
        case .exited(let code): return .died("ended with code \(code)")
        case .signaled(let signal): return .died("was ended by signal \(signal)")
        }
    }
}
