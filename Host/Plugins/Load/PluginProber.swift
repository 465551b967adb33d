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
struct ProbeAnswer: Hashable {
    let descriptor: PluginDescriptor
    let test: SelfTestResult

    /// Characters of a plugin's own words that are passed on.
    private static let messageCharactersMax = 500

    /// The plugin's descriptor, and how its own test ended.
    static func line(_ descriptor: PluginDescriptor, _ test: SelfTestResult) -> [UInt8] {
        var answer = JSONObject()
        answer["id"] = .string(descriptor.id)
        answer["version"] = .string(descriptor.version)
        answer["manifest_digest"] = .string(descriptor.manifestDigest)
        answer["operations"] = .array(descriptor.operations.map { .string($0) })
        switch test {
        case .passed: answer["test"] = "passed"
        case .late: answer["test"] = "late"
        case .refused(let code, let message):
            answer["test"] = "refused"
            answer["code"] = .string(String(code.prefix(messageCharactersMax)))
            answer["message"] = .string(String(message.prefix(messageCharactersMax)))
        }
        return JSONValue.object(answer).utf8
    }

    /// Why the plugin couldn't be asked.
    static func line(refused message: String, rule: PluginRule) -> [UInt8] {
        JSONValue.object(["refused": .string(message), "rule": .string(rule.id)]).utf8
    }

    /// Reads the last line; a plugin may have printed something before.
    static func read(_ output: [UInt8], of plugin: String) throws(PluginRefusal) -> ProbeAnswer {
        let last = output.split(separator: UInt8(ascii: "\n")).last.map(Array.init) ?? []
        guard let json = try? JSONParser.parse(last) else {
            throw PluginRefusal(.probe, plugin: plugin, "It ended its process before it could be asked what it is.")
        }
        if let message = json["refused"]?.string, let rule = json["rule"]?.string.flatMap(PluginRule.named) {
            throw PluginRefusal(rule, plugin: plugin, message)
        }
        let descriptor = PluginDescriptor(
            id: json["id"]?.string ?? "", version: json["version"]?.string ?? "",
            manifestDigest: json["manifest_digest"]?.string ?? "",
            operations: json["operations"]?.array?.compactMap(\.string) ?? [])
        return ProbeAnswer(descriptor: descriptor, test: test(json))
    }

    private static func test(_ json: JSONValue) -> SelfTestResult {
        switch json["test"]?.string {
        case "passed": .passed
        case "refused": .refused(code: json["code"]?.string ?? "", message: json["message"]?.string ?? "")
        default: .late
        }
    }

    /// Why the plugin's own test keeps it from being loaded; nil when it passed.
    func refusal(of plugin: String) -> PluginRefusal? {
        switch test {
        case .passed: nil
        case .late:
            PluginRefusal(.selfTestTime, plugin: plugin, "Its own test didn't end within \(ProbedPlugin.testTime).")
        case .refused(let code, let message):
            PluginRefusal(.selfTest, plugin: plugin, "Its own test refused with \(code): \(message)")
        }
    }
}
