package import HostModel

/// A place in an open transaction that ``DatabaseTransaction/undo(to:)`` goes back to, also after an error.
///
/// Two are enough, one inside the other; setting the same one again moves it.
package struct Savepoint: Hashable, Sendable {
    /// Around all that a request does.
    package static let request = Savepoint("request")
    /// Around one step of many.
    package static let step = Savepoint("step")

    /// Sets it; travels with the statements that it guards.
    package let set: SQLCommand
    let undo: SQLCommand

    private init(_ name: String) {
        set = SQLCommand(
            SQLStatement(name: "thorbis_\(name)_set", text: "SAVEPOINT thorbis_\(name)", effect: .none), [])
        undo = SQLCommand(
            SQLStatement(name: "thorbis_\(name)_undo", text: "ROLLBACK TO SAVEPOINT thorbis_\(name)"), [])
    }
}
