import Foundation
import HostPlugins
import HostSupervisor

/// Tries plugins in a process of this executable that has no settings, no keys and no database.
struct SubprocessProber: PluginProber {
    private static let limit: Duration = .seconds(2)

    func probe(_ image: Int32) async throws(ProbeFailure) -> [UInt8] {
        // A crash then takes milliseconds in place of two seconds of stack printing.
        var environment = ["SWIFT_BACKTRACE": "enable=no"]
        environment["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
        // By this name it is the very file that runs here, also when another build has taken its place since.
        let process = ProbeProcess(
            executable: "/proc/self/exe", arguments: ["plugin", "probe"], environment: environment,
            limit: Self.limit)
        let outcome: ProbeProcess.Outcome
        do {
            outcome = try await process.run(input: image)
        } catch {
            throw .notStarted("\(error)")
        }
        switch outcome {
        case .answered(let output): return output
        case .died(let how): throw .died(how)
        case .timedOut: throw .timedOut(Self.limit)
        }
    }
}
