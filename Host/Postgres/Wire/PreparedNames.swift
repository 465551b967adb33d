import HostModel

/// Which statements one connection has prepared, and under which name.
///
/// A statement counts as prepared only when the server has confirmed its Parse. While that is under way others
/// send the same text unnamed: if they relied on the name, a Parse that is skipped because something before it
/// in its unit failed would take them down too; if they prepared it again, it would already exist.
///
/// A plugin that is replaced may bring another text for a name: each text is a statement of its own, and the older one
/// serves the requests that still run, and the plugin that comes back.
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
        let text: String
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
    private var count = 0
    /// By the callers' name; one text each, but for plugins that were replaced.
    private var standings: [String: [Standing]] = [:]

    init(countMax: Int) {
        self.countMax = countMax
    }

    /// How to send a statement. After `.parse`, ``parsed(_:_:)`` must follow.
    mutating func use(_ statement: SQLStatement) -> Use {
        guard let name = statement.name else { return .unnamed }
        guard let known = standings[name], let index = known.firstIndex(where: { $0.text == statement.text }) else {
            return begin(name, statement.text)
        }
        switch known[index].state {
        case .prepared: return .named(known[index].serverName)
        case .parsing, .distrusted: return .unnamed
        case .absent:
            standings[name]?[index].state = .parsing
            return .parse(known[index].serverName)
        }
    }

    private mutating func begin(_ name: String, _ text: String) -> Use {
        guard count < countMax else { return .unnamed }
        let serverName = "t\(count)"
        count += 1
        standings[name, default: []].append(Standing(serverName: serverName, text: text, state: .parsing))
        return .parse(serverName)
    }

    /// The server answered a Parse of the statement.
    mutating func parsed(_ statement: SQLStatement, _ isPrepared: Bool) {
        set(statement, isPrepared ? .prepared : .absent) { _ in true }
    }

    /// Never sends this one by name again on this connection.
    mutating func distrust(_ statement: SQLStatement) {
        set(statement, .distrusted) { $0 == .prepared }
    }

    private mutating func set(_ statement: SQLStatement, _ state: State, where isWanted: (State) -> Bool) {
        guard let name = statement.name,
            let index = standings[name]?.firstIndex(where: { $0.text == statement.text && isWanted($0.state) })
        else { return }
        standings[name]?[index].state = state
    }
}
