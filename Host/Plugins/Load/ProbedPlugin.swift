import HostModel
import PluginAPI

/// The other process of a probe: maps the library that standard input is, and asks it what it is.
package enum ProbedPlugin {
    /// The line that ``ProbeAnswer`` reads. Whatever the library's constructors and its entry do, they do here.
    package static func describe() -> [UInt8] {
        do throws(PluginRefusal) {
            let image = SealedImage(descriptor: standardInput)
            return ProbeAnswer.line(try PluginEntry.plugin(in: image, of: "probe").descriptor)
        } catch {
            let rule = PluginRule.named(error.rule) ?? .probe
            return ProbeAnswer.line(refused: error.message, rule: rule)
        }
    }

    private static let standardInput: Int32 = 0
}
