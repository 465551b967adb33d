import Foundation

/// A program that is run to its end, such as `thorbis db migrate`.
struct Command {
    var executable = ThorbisServer.buildFolder.appending(path: "thorbis")
    var arguments: [String]
    /// On top of the test's own.
    var environment: [String: String] = [:]
    var folder = ThorbisServer.root
    /// Whether what it says on standard error is part of the output.
    var hearsErrors = true

    struct Result {
        let code: Int32
        let output: String
    }

    /// Blocks until it has ended.
    func run() throws -> Result {
        let (process, pipe) = try start()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Result(code: process.terminationStatus, output: output)
    }

    /// As ``run()``, on a thread of its own: for a command that runs while other tasks of the test work.
    func runBeside() async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Swift.Result { try run() }) }
        }
    }

    /// Starts it; its output comes out of the pipe.
    func start() throws -> (process: Process, output: Pipe) {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = hearsErrors ? output : FileHandle.nullDevice
        try process.run()
        return (process, output)
    }
}
