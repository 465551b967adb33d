import Subprocess
import Testing

/// The compilers of the toolchain that built the tests, found in PATH.
///
/// Two at once: each takes a processor for itself, and thirty together would starve every other test.
actor Compiler {
    static let shared = Compiler()

    private static let countMax = 2
    private static let outputBytesMax = 1_048_576
    private var running = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// - Parameter compiler: `swiftc`, or the `clang` that is beside it.
    static func run(_ arguments: [String], compiler: String = "swiftc") async throws {
        await shared.enter()
        do {
            try await compile(compiler, arguments)
            await shared.leave()
        } catch {
            await shared.leave()
            throw error
        }
    }

    private static func compile(_ compiler: String, _ arguments: [String]) async throws {
        let ended = try await Subprocess.run(
            .name(compiler), arguments: Arguments(arguments), output: .string(limit: outputBytesMax),
            error: .string(limit: outputBytesMax))
        let text = ended.standardOutput + ended.standardError
        try #require(ended.terminationStatus.isSuccess, "\(compiler) \(arguments.joined(separator: " "))\n\(text)")
    }

    private func enter() async {
        guard running >= Self.countMax else { return running += 1 }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Hands the place on to who waits longest.
    private func leave() {
        guard waiting.isEmpty else { return waiting.removeFirst().resume() }
        running -= 1
    }
}
