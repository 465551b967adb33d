/// Why a plugin isn't loaded. Nothing of the host has changed.
package struct PluginRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The broken rule's id, such as `TP2107`; `thorbis plugin explain` tells more about it.
    package let rule: String
    /// The plugin's id or the file's path.
    package let plugin: String
    /// What was found and what was expected, one sentence.
    package let message: String
    /// What to do about it, one sentence.
    package let hint: String

    init(_ rule: PluginRule, plugin: String, _ message: String, hint: String? = nil) {
        self.rule = rule.id
        self.plugin = plugin
        self.message = message
        self.hint = hint ?? rule.fix
    }

    /// `hs: error TP2101: …` and the hint on a line of its own.
    package var description: String { "\(plugin): error \(rule): \(message)\n  hint: \(hint)" }
}
