import Foundation
import HostPlugins
import HostSupervisor

/// Tries plugins as the host does, with the executable of the build.
struct BuiltProber: PluginProber {
    let limit: Duration

    func probe(_ image: Int32) async throws(ProbeFailure) -> [UInt8] {
        let process = ProbeProcess(
            executable: BuildFolder.url.appending(path: "thorbis").path, arguments: ["plugin", "probe"],
            environment: ["SWIFT_BACKTRACE": "enable=no"], limit: limit)
        do {
            switch try await process.run(input: image) {
            case .answered(let output): return output
            case .died(let how): throw ProbeFailure.died(how)
            case .timedOut: throw ProbeFailure.timedOut(limit)
            }
        } catch let failure as ProbeFailure {
            throw failure
        } catch {
            throw .notStarted("\(error)")
        }
    }
}
