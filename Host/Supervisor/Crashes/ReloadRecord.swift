package import HostModel

/// The last reload that brought other code, and how it fares: `reload-watch.json` in the data folder.
///
/// The command that reloads writes it before any host swaps; whoever takes the reload back writes that down.
package struct ReloadRecord: Hashable, Sendable {
    /// Code that took the place of other code.
    package struct Change: Hashable, Sendable {
        package let plugin: PluginID
        package let version: String
        /// SHA-256 of the library, lower-case hexadecimal.
        package let digest: String
        /// What served before.
        package let replacedVersion: String
        package let replacedDigest: String

        package init(
            plugin: PluginID, version: String, digest: String, replacedVersion: String, replacedDigest: String
        ) {
            self.plugin = plugin
            self.version = version
            self.digest = digest
            self.replacedVersion = replacedVersion
            self.replacedDigest = replacedDigest
        }
    }

    /// Why and when what served before came back.
    package struct TakenBack: Hashable, Sendable {
        package let reason: String
        package let at: Timestamp

        package init(reason: String, at: Timestamp) {
            self.reason = reason
            self.at = at
        }
    }

    package enum State: String, Sendable {
        case watched
        case passed
        case takenBack = "taken_back"
    }

    package static let file = "reload-watch.json"

    /// Names the reload.
    package let ticket: String
    package let began: Timestamp
    /// How long hosts watch it.
    package let length: Duration
    package let changes: [Change]
    /// Why what served before couldn't serve any more; nil when it could.
    package let obstacle: String?
    package var takenBack: TakenBack?

    package init(
        ticket: String, began: Timestamp, length: Duration, changes: [Change], obstacle: String?,
        takenBack: TakenBack? = nil
    ) {
        self.ticket = ticket
        self.began = began
        self.length = length
        self.changes = changes
        self.obstacle = obstacle
        self.takenBack = takenBack
    }

    package var end: Timestamp { began + length }

    package func state(at now: Timestamp) -> State {
        if takenBack != nil { return .takenBack }
        return now < end ? .watched : .passed
    }

    /// The watched change that a death of a host at that time is to be put down to; nil when it is none's.
    package func change(blamedFor digest: String, at time: Timestamp) -> Change? {
        guard state(at: time) == .watched, time >= began else { return nil }
        return changes.first { $0.digest == digest }
    }
}

extension ReloadRecord {
    package var json: JSONValue {
        var json = JSONObject([
            "ticket": .string(ticket), "began": .string(began.rfc3339 ?? ""),
            "milliseconds": .int(Int64(length / .milliseconds(1))), "changes": .array(changes.map(\.json)),
        ])
        if let obstacle { json["obstacle"] = .string(obstacle) }
        if let takenBack {
            json["taken_back"] = ["reason": .string(takenBack.reason), "at": .string(takenBack.at.rfc3339 ?? "")]
        }
        return .object(json)
    }

    /// Nil for anything that isn't such a record.
    package init?(_ json: JSONValue) {
        guard let ticket = json["ticket"]?.string,
            let began = json["began"]?.string.flatMap({ Timestamp(rfc3339: $0) }),
            let length = json["milliseconds"]?.int, length >= 0, let listed = json["changes"]?.array
        else { return nil }
        let changes = listed.compactMap { Change($0) }
        guard changes.count == listed.count else { return nil }
        var takenBack: TakenBack?
        if let taken = json["taken_back"] {
            guard let reason = taken["reason"]?.string, let at = taken["at"]?.string.flatMap({ Timestamp(rfc3339: $0) })
            else { return nil }
            takenBack = TakenBack(reason: reason, at: at)
        }
        self.init(
            ticket: ticket, began: began, length: .milliseconds(length), changes: changes,
            obstacle: json["obstacle"]?.string, takenBack: takenBack)
    }
}

extension ReloadRecord.Change {
    package var json: JSONValue {
        [
            "plugin": .string(plugin.description), "version": .string(version), "digest": .string(digest),
            "replaced_version": .string(replacedVersion), "replaced_digest": .string(replacedDigest),
        ]
    }

    package init?(_ json: JSONValue) {
        guard let plugin = json["plugin"]?.string.flatMap({ PluginID($0) }), let version = json["version"]?.string,
            let digest = json["digest"]?.string, let replacedVersion = json["replaced_version"]?.string,
            let replacedDigest = json["replaced_digest"]?.string
        else { return nil }
        self.init(
            plugin: plugin, version: version, digest: digest, replacedVersion: replacedVersion,
            replacedDigest: replacedDigest)
    }
}
