import Foundation

/// Builds a plugin's product with the compiler in PATH, in the build folder that the host loads from.
struct SwiftBuild {
    /// The folder of `Package.swift`.
    let root: URL
    /// `debug` or `release`.
    let configuration: String

    /// What is shown of what the compiler says.
    private static let outputBytesMax = 1 << 20
    private static let errorsMax = 40

    /// - Throws: ``CommandFailure`` with the compiler's errors.
    func build(_ product: String) async throws {
        let log = FileManager.default.temporaryDirectory.appending(path: "thorbis-build-\(UUID().uuidString).txt")
        defer { try? FileManager.default.removeItem(at: log) }
        try Data().write(to: log)
        let output = try FileHandle(forWritingTo: log)
        let code = try await run(["swift", "build", "--configuration", configuration, "--product", product], output)
        try output.close()
        guard code != 0 else { return }
        let text = try FileHandle(forReadingFrom: log).read(upToCount: Self.outputBytesMax) ?? Data()
        throw CommandFailure.findings("\(product) isn't built:\n" + Self.errors(String(decoding: text, as: UTF8.self)))
    }

    private func run(_ arguments: [String], _ output: FileHandle) async throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = root
        process.standardOutput = output
        process.standardError = output
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(
                    throwing: CommandFailure.environment(
                        "`swift build` can't be started: \(error.localizedDescription)"))
            }
        }
    }

    /// The lines with errors, each once; all that was said when there is none.
    private static func errors(_ text: String) -> String {
        var seen: Set<Substring> = []
        let lines = text.split(separator: "\n")
        let errors = lines.filter { $0.contains(": error: ") && seen.insert($0).inserted }
        return (errors.isEmpty ? lines.suffix(errorsMax) : errors.prefix(errorsMax)).joined(separator: "\n")
    }
}
