/// Which statements one connection has prepared, and under which name.
///
/// A statement counts as prepared only when the server has confirmed its Parse. While that is under way others
/// send the same text unnamed: if they relied on the name, a Parse that is skipped because something before it
/// in its unit failed would take them down too; if they prepared it again, it would already exist.
struct PreparedNames {
    enum Use: Equatable {
        /// Bind this name.
        case named(String)
        /// Parse under this name first, then bind it.
        case parse(String)
        case unnamed
    }

    private struct Standing {
        /// Our own short name: the server compares only the first 63 bytes of a name.
        let serverName: String
        var state: State
    }

    private enum State {
        case parsing
        case prepared
        case absent
        /// The server refused to run it as prepared, as after a change of its tables.
        case distrusted
    }

    private let countMax: Int
    private var standings: [String: Standing] = [:]

    init(countMax: Int) {
        self.countMax = countMax
    }

    /// How to send the statement that callers know as `name`. After `.parse`, ``parsed(_:_:)`` must follow.
    mutating func use(_ name: String?) -> Use {
        guard let name else { return .unnamed }
        guard let standing = standings[name] else { return begin(name) }
        switch standing.state {
        case .prepared: return .named(standing.serverName)
        case .parsing, .distrusted: return .unnamed
        case .absent:
            standings[name]?.state = .parsing
            return .parse(standing.serverName)
        }
    }

    private mutating func begin(_ name: String) -> Use {
        guard standings.count < countMax else { return .unnamed }
        let serverName = "t\(standings.count)"
        standings[name] = Standing(serverName: serverName, state: .parsing)
        return .parse(serverName)
    }

    /// The server answered a Parse.
    mutating func parsed(_ name: String, _ isPrepared: Bool) {
        standings[name]?.state = isPrepared ? .prepared : .absent
    }

    /// Never sends this one by name again on this connection.
    mutating func distrust(_ name: String) {
        guard standings[name]?.state == .prepared else { return }
        standings[name]?.state = .distrusted
    }
}
