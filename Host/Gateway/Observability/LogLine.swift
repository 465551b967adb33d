import HostModel
import Logging

/// The log line of an observation: level, message and named values. No value is a secret, a body or SQL.
struct LogLine {
    let level: Logger.Level
    let message: String
    var metadata: Logger.Metadata

    /// Nil for what is only counted.
    init?(_ observation: Observation) {
        switch observation {
        case .requestFinished(let request): self.init(request)
        case .internalError(let request, let room, let detail):
            self.init(.error, "internal error", ["request": "\(request)", "room": "\(room)", "detail": "\(detail)"])
        case .laneConnected(let lane): self.init(.info, "database lane connected", ["lane": "\(lane)"])
        case .laneLost(let lane, let detail):
            self.init(.warning, "database lane lost", ["lane": "\(lane)", "detail": "\(detail)"])
        case .databaseRefused(let detail): self.init(.warning, "database refused", ["detail": "\(detail)"])
        case .pluginLoaded(let plugin, let version, let digest):
            self.init(
                .notice, "plugin loaded", ["plugin": "\(plugin)", "version": "\(version)", "digest": "\(digest)"])
        case .pluginRefused(let name, let rule, let detail):
            self.init(.error, "plugin refused", ["plugin": "\(name)", "rule": "\(rule)", "detail": "\(detail)"])
        case .pluginLogged(let plugin, let operation, let request, let message):
            self.init(
                .info, message, ["plugin": "\(plugin)", "operation": "\(operation)", "request": "\(request)"])
        case .pluginForced(let plugin, let generation, let operations):
            self.init(
                .warning, "operations of a replaced plugin cut off",
                ["plugin": "\(plugin)", "generation": "\(generation)", "operations": "\(operations)"])
        case .pluginStuck(let plugin, let generation, let age):
            self.init(
                .critical, "a thread of a plugin doesn't come back",
                ["plugin": "\(plugin)", "generation": "\(generation)", "seconds": "\(age.components.seconds)"])
        case .pluginWatched(let plugin, let version, let outcome, let detail):
            self.init(plugin, version, outcome, detail)
        case .hostGrown(let bytes, let max):
            self.init(.critical, "the host has grown too large", ["bytes": "\(bytes)", "max": "\(max)"])
        case .rolloutServed(let plugin, let revision):
            self.init(.notice, "rollout served", ["plugin": "\(plugin)", "revision": "\(revision)"])
        case .rolloutRefused(let plugin, let revision, let detail):
            self.init(
                .error, "rollout refused",
                ["plugin": "\(plugin)", "revision": "\(revision)", "detail": "\(detail)"])
        case .rolloutTakenBack(let plugin, let revision, let detail):
            self.init(
                .error, "rollout taken back",
                ["plugin": "\(plugin)", "revision": "\(revision)", "detail": "\(detail)"])
        case .migrated(let schema, let step):
            self.init(.notice, "schema migrated", ["schema": "\(schema)", "step": "\(step)"])
        case .serving(let address): self.init(.notice, "serving", ["address": "\(address)"])
        case .stopping(let inFlight): self.init(.notice, "stopping", ["in_flight": "\(inFlight)"])
        }
    }

    private init(_ plugin: PluginID, _ version: String, _ outcome: Observation.WatchOutcome, _ detail: String) {
        let (level, message): (Logger.Level, String) =
            switch outcome {
            case .passed: (.notice, "reloaded plugin has passed its watch")
            case .takenBack: (.error, "reloaded plugin was taken back")
            case .kept: (.critical, "reloaded plugin does worse and can't be taken back")
            }
        self.init(level, message, ["plugin": "\(plugin)", "version": "\(version)", "detail": "\(detail)"])
    }

    private init(_ request: Observation.Request) {
        var metadata: Logger.Metadata = [
            "request": "\(request.id)", "method": "\(request.method)", "route": "\(request.route)",
            "status": "\(request.status)", "microseconds": "\(request.duration / .microseconds(1))",
        ]
        if let business = request.business { metadata["business"] = "\(business)" }
        if let code = request.code { metadata["code"] = "\(code)" }
        self.init(request.status >= 500 ? .error : .info, "request", metadata)
    }

    private init(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata) {
        self.level = level
        self.message = message
        self.metadata = metadata
    }
}
