package import HostModel

/// Statements that run together as one implicit transaction, in one round trip.
package struct DatabaseUnit: Sendable {
    /// More commands than this in one unit are a programmer's error.
    package static let commandCountMax = 32

    /// 1 to ``commandCountMax`` statements; all are kept or none.
    package let commands: [SQLCommand]
    /// How long the caller waits, from the moment of the call.
    package let deadline: Duration

    package init(_ commands: [SQLCommand], deadline: Duration) {
        precondition((1...Self.commandCountMax).contains(commands.count), "a unit has 1 to 32 commands")
        self.commands = commands
        self.deadline = deadline
    }
}
