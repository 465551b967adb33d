import HostModel
import PluginAPI

/// Loads a library in a process of its own, so that one that traps or hangs at its start does so there.
package protocol PluginProber: Sendable {
    /// Runs `thorbis plugin probe` with the image as its standard input, and gives its standard output.
    ///
    /// - Parameter image: The descriptor of the sealed file with the verified bytes.
    func probe(_ image: Int32) async throws(ProbeFailure) -> [UInt8]
}

/// Why a probe gave no answer.
package enum ProbeFailure: Error, Hashable, Sendable {
    /// The process was ended by a signal, or ended by itself with a code.
    case died(String)
    case timedOut(Duration)
    /// Nothing can be said of the plugin: the process couldn't be made.
    case notStarted(String)
}

/// What a plugin said in the probe: one line of JSON, written by ``ProbedPlugin`` in the other process.
enum ProbeAnswer {
    /// The plugin's descriptor, or the text of the refusal.
    static func line(_ descriptor: PluginDescriptor) -> [UInt8] {
        JSONValue.object([
            "id": .string(descriptor.id), "version": .string(descriptor.version),
            "manifest_digest": .string(descriptor.manifestDigest),
            "operations": .array(descriptor.operations.map { .string($0) }),
        ]).utf8
    }

    static func line(refused message: String, rule: PluginRule) -> [UInt8] {
        JSONValue.object(["refused": .string(message), "rule": .string(rule.id)]).utf8
    }

    /// Reads the last line; a plugin may have printed something before.
    static func read(_ output: [UInt8], of plugin: String) throws(PluginRefusal) -> PluginDescriptor {
        let last = output.split(separator: UInt8(ascii: "\n")).last.map(Array.init) ?? []
        guard let json = try? JSONParser.parse(last) else {
            throw PluginRefusal(.probe, plugin: plugin, "It ended its process before it could be asked what it is.")
        }
        if let message = json["refused"]?.string, let rule = json["rule"]?.string.flatMap(PluginRule.named) {
            throw PluginRefusal(rule, plugin: plugin, message)
        }
        return PluginDescriptor(
            id: json["id"]?.string ?? "", version: json["version"]?.string ?? "",
            manifestDigest: json["manifest_digest"]?.string ?? "",
            operations: json["operations"]?.array?.compactMap(\.string) ?? [])
    }
}
