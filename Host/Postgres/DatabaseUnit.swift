package import HostModel

/// Statements that run together as one implicit transaction, in one round trip.
package struct DatabaseUnit: Sendable {
    /// More commands than this in one unit are a programmer's error.
    package static let commandCountMax = 32

    /// 1 to ``commandCountMax`` statements; all are kept or none.
    package let commands: [SQLCommand]
    /// How long the caller waits, from the moment of the call.
    package let deadline: Duration
    /// Whether it has a connection for itself while it runs, because others shouldn't wait behind it: it writes, and
    /// so waits for the disk and for locks, or it reads a lot. The other units share one connection, back to back.
    package let isExclusive: Bool
    /// Whose, and how patient it is where it has to wait for a connection.
    package let share: Share

    package init(
        _ commands: [SQLCommand], deadline: Duration, isExclusive: Bool = false, share: Share = .host
    ) {
        precondition((1...Self.commandCountMax).contains(commands.count), "a unit has 1 to 32 commands")
        self.commands = commands
        self.deadline = deadline
        self.isExclusive = isExclusive
        self.share = share
    }
}
