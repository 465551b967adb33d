import HostGateway
import HostManifest
import HostModel
import HostPlugins

/// What the operator's commands ask a running host, and what it answers: a line of JSON each.
enum ControlRequest: Hashable {
    case list
    case reload(again: Set<PluginID>)

    /// Nil for anything else.
    init?(_ json: JSONValue) {
        switch json["do"]?.string {
        case "list": self = .list
        case "reload":
            let names = json["again"]?.array?.compactMap(\.string) ?? []
            let ids = names.compactMap { PluginID($0) }
            guard ids.count == names.count else { return nil }
            self = .reload(again: Set(ids))
        default: return nil
        }
    }

    var json: JSONValue {
        switch self {
        case .list: ["do": "list"]
        case .reload(let again):
            ["do": "reload", "again": .array(again.sorted().map { .string($0.description) })]
        }
    }
}

/// The answers' forms.
enum ControlAnswer {
    typealias Generations = [(generation: PluginGeneration, state: PluginGeneration.State)]

    static func plugins(_ generations: Generations, _ report: ServingPlugins.Report? = nil) -> JSONValue {
        var answer = JSONObject()
        answer["ok"] = true
        answer["plugins"] = .array(generations.map { ServingLine.json($0.generation, $0.state) })
        if let report {
            let phases = report.phases
            if let advice = report.advice { answer["advice"] = .string(advice) }
            answer["changes"] = .array(report.change.lines.map { .string($0) })
            answer["microseconds"] = [
                "checking": microseconds(phases.checking), "loading": microseconds(phases.loading),
                "swapping": microseconds(phases.swapping),
            ]
        }
        return .object(answer)
    }

    static func failure(_ message: String) -> JSONValue { ["ok": false, "message": .string(message)] }

    private static func microseconds(_ duration: Duration) -> JSONValue { .int(Int64(duration / .microseconds(1))) }
}
