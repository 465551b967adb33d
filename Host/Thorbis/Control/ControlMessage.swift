import HostGateway
import HostManifest
import HostModel
import HostPlugins
import HostSupervisor

/// What the operator's commands ask a running host or its supervisor, and what it answers: a line of JSON each.
enum ControlRequest: Hashable {
    case list
    /// A host alone, with the check of its tables.
    case reload(again: Set<PluginID>)
    /// The first phase of a reload of all hosts: nothing serves differently.
    case prepare(ticket: String, again: Set<PluginID>)
    /// The second phase, after which what is new is watched for so long.
    case commit(ticket: String, watch: Duration)
    /// What served before the reload serves again.
    case takeBack(ticket: String)
    /// In the place of the second phase.
    case abort(ticket: String)
    /// Code was taken out of service, or let in again.
    case obeyQuarantine
    /// The metrics of this host, for another one that is asked for those of all.
    case metrics
    /// For the supervisor: fresh hosts in the place of those that serve.
    case handOver
    /// For the supervisor, from a host: soon, and why.
    case adviseHandOver(reason: String)

    /// Nil for anything else.
    init?(_ json: JSONValue) {
        switch json["do"]?.string {
        case "list": self = .list
        case "obey_quarantine": self = .obeyQuarantine
        case "metrics": self = .metrics
        case "hand_over": self = .handOver
        case "advise_hand_over": self = .adviseHandOver(reason: json["reason"]?.string ?? "")
        case "reload":
            guard let again = Self.again(json) else { return nil }
            self = .reload(again: again)
        case "prepare":
            guard let ticket = json["ticket"]?.string, let again = Self.again(json) else { return nil }
            self = .prepare(ticket: ticket, again: again)
        case "commit":
            guard let ticket = json["ticket"]?.string, let watch = json["watch_milliseconds"]?.int, watch >= 0 else {
                return nil
            }
            self = .commit(ticket: ticket, watch: .milliseconds(watch))
        case "take_back":
            guard let ticket = json["ticket"]?.string else { return nil }
            self = .takeBack(ticket: ticket)
        case "abort":
            guard let ticket = json["ticket"]?.string else { return nil }
            self = .abort(ticket: ticket)
        default: return nil
        }
    }

    private static func again(_ json: JSONValue) -> Set<PluginID>? {
        let names = json["again"]?.array?.compactMap(\.string) ?? []
        let ids = names.compactMap { PluginID($0) }
        return ids.count == names.count ? Set(ids) : nil
    }

    private static func json(_ again: Set<PluginID>) -> JSONValue {
        .array(again.sorted().map { .string($0.description) })
    }

    var json: JSONValue {
        switch self {
        case .list: ["do": "list"]
        case .obeyQuarantine: ["do": "obey_quarantine"]
        case .metrics: ["do": "metrics"]
        case .handOver: ["do": "hand_over"]
        case .adviseHandOver(let reason): ["do": "advise_hand_over", "reason": .string(reason)]
        case .reload(let again):
            ["do": "reload", "again": Self.json(again)]
        case .prepare(let ticket, let again):
            ["do": "prepare", "ticket": .string(ticket), "again": Self.json(again)]
        case .commit(let ticket, let watch):
            [
                "do": "commit", "ticket": .string(ticket),
                "watch_milliseconds": .int(Int64(watch / .milliseconds(1))),
            ]
        case .takeBack(let ticket): ["do": "take_back", "ticket": .string(ticket)]
        case .abort(let ticket): ["do": "abort", "ticket": .string(ticket)]
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
                "routing": microseconds(phases.routing), "swapping": microseconds(phases.swapping),
            ]
        }
        return .object(answer)
    }

    /// Of a host that has loaded what is installed and waits for the swap.
    static func prepared(_ next: ServingPlugins.Preparation) -> JSONValue {
        var manifests = JSONObject()
        for manifest in next.manifests.manifests { manifests[manifest.id.description] = .string(manifest.digest) }
        return [
            "ok": true, "manifests": .object(manifests), "changes": .array(next.changes.map(\.json)),
            "obstacle": next.obstacle.map { .string($0) } ?? .null,
        ]
    }

    static let done: JSONValue = ["ok": true]

    static func failure(_ message: String) -> JSONValue { ["ok": false, "message": .string(message)] }

    /// - Parameter rule: The id of a rule on plugins that was broken.
    static func failure(_ failure: CommandFailure) -> JSONValue {
        guard let rule = failure.rule else { return Self.failure(failure.message) }
        return ["ok": false, "message": .string(failure.message), "rule": .string(rule)]
    }

    private static func microseconds(_ duration: Duration) -> JSONValue { .int(Int64(duration / .microseconds(1))) }
}
