import Dispatch
import HostModel
import PluginAPI
import Synchronization

/// The other process of a probe: maps the library that standard input is, asks it what it is, and runs its own test.
package enum ProbedPlugin {
    /// How long the plugin's own test may take: less than the process has, so that it can say what took so long.
    static let testTime: Duration = .milliseconds(1_500)

    private static let standardInput: Int32 = 0

    /// The line that ``ProbeAnswer`` reads. Whatever the library's constructors, its entry and its test do, they do
    /// here. Blocks; called once, by a thread on which no task runs.
    package static func describe() -> [UInt8] {
        do throws(PluginRefusal) {
            let image = SealedImage(descriptor: standardInput)
            let plugin = try PluginEntry.plugin(in: image, of: "probe")
            return ProbeAnswer.line(plugin.descriptor, testResult(of: plugin))
        } catch {
            let rule = PluginRule.named(error.rule) ?? .probe
            return ProbeAnswer.line(refused: error.message, rule: rule)
        }
    }

    /// Runs the test on another thread, because one that hangs can't be stopped; the process ends with it.
    private static func testResult(of plugin: any VerticalPlugin) -> SelfTestResult {
        let result = TestResult()
        Task.detached {
            do throws(Refusal) {
                try await plugin.selfTest()
                result.end(.passed)
            } catch {
                result.end(.refused(code: error.code, message: error.message))
            }
        }
        return result.wait(for: testTime)
    }

    /// Carries the result from the test's thread to the one that waits.
    private final class TestResult: Sendable {
        private let result = Mutex<SelfTestResult>(.late)
        private let ended = DispatchSemaphore(value: 0)

        func end(_ result: SelfTestResult) {
            self.result.withLock { $0 = result }
            ended.signal()
        }

        func wait(for time: Duration) -> SelfTestResult {
            _ = ended.wait(timeout: .now() + .nanoseconds(time.wholeNanoseconds))
            return result.withLock { $0 }
        }
    }
}

/// How a plugin's own test ended.
enum SelfTestResult: Hashable, Sendable {
    case passed
    case refused(code: String, message: String)
    /// It hadn't ended after ``ProbedPlugin/testTime``.
    case late
}
