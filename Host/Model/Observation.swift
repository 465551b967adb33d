/// Something worth knowing that happened: rooms emit these; logs and metrics each decide what to do with them.
///
/// No room formats log lines or holds a metric of its own. No observation carries a secret, a body or SQL.
package enum Observation: Sendable {
    case requestFinished(Request)
    case internalError(request: RequestID, room: String, detail: String)
    case laneConnected(lane: Int)
    case laneLost(lane: Int, detail: String)
    case databaseRefused(detail: String)
    case pluginLoaded(PluginID, version: String, digest: String)
    case pluginRefused(name: String, rule: String, detail: String)
    case pluginLogged(PluginID, operation: String, request: RequestID, message: String)
    /// The generation left service, and operations were still at work with it when its time to drain was over.
    case pluginForced(PluginID, generation: Int, operations: Int)
    /// A thread of a plugin has been at one job for so long that it isn't expected back.
    case pluginStuck(PluginID, generation: Int, age: Duration)
    /// Code that a reload brought was watched on this host; how that ended, with the numbers for people.
    case pluginWatched(PluginID, version: String, WatchOutcome, detail: String)
    /// The process has more resident memory than it may have, and ends to be replaced.
    case hostGrown(bytes: Int, max: Int)
    /// This host serves what a row of a rollout asks for.
    case rolloutServed(PluginID, revision: Int64)
    /// This host can't, and goes on with what it served.
    case rolloutRefused(PluginID, revision: Int64, detail: String)
    /// This host had every host go back to the stable version.
    case rolloutTakenBack(PluginID, revision: Int64, detail: String)
    case migrated(schema: String, step: String)
    case serving(address: String)
    case stopping(inFlight: Int)

    /// How the watch of a reload ended.
    package enum WatchOutcome: String, Sendable {
        case passed
        /// What served before serves again.
        case takenBack = "taken_back"
        /// It does worse, and what served before can't serve any more.
        case kept
    }

    /// One answered request. The route is the pattern, never the path, so that labels stay few.
    package struct Request: Sendable {
        package let id: RequestID
        package let method: String
        package let route: String
        package let status: Int
        package let duration: Duration
        package let business: BusinessID?
        package let code: String?

        package init(
            id: RequestID, method: String, route: String, status: Int, duration: Duration, business: BusinessID?,
            code: String?
        ) {
            self.id = id
            self.method = method
            self.route = route
            self.status = status
            self.duration = duration
            self.business = business
            self.code = code
        }
    }
}

/// Takes observations; called from any thread, must not block.
package protocol Observer: Sendable {
    func observe(_ observation: Observation)
}

/// Drops everything: for tests and for commands that print their own results.
package struct SilentObserver: Observer {
    package init() {}
    package func observe(_ observation: Observation) {}
}
