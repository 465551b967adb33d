/// Where the database is and how much of it may be used at once.
package struct DatabaseConfiguration: Sendable {
    /// A `postgresql://` URL or a libpq `key=value` string.
    package let connectionString: String
    /// Shown in `pg_stat_activity`.
    package var applicationName = "thorbis"
    /// Units waiting or running on one lane, or waiting for an exclusive one; one more is refused with
    /// ``DatabaseError/Code/queueFull``.
    package var queueMax = 1_024
    /// How long others have to have stood in line for longer than their ``Share/waitMax`` before anybody is refused for
    /// it: a moment's delay is made up for.
    package var lineGrace: Duration = .seconds(1)
    /// Units that are on their way on one shared lane; more stand in line, where owners take turns. Enough that the
    /// server never waits for the next one, few enough that a short read is soon served.
    package var windowMax = 32
    /// Connections of one event loop for exclusive units, made when they are needed.
    package var exclusiveMax = 5
    /// How many of them one owner may have at once.
    package var exclusiveShareMax = 4
    /// Connections for transactions, over all event loops.
    package var poolSize = 8
    /// How many of them one owner may have at once.
    package var poolShareMax = 7
    /// Transactions waiting for a connection; one more is refused.
    package var poolQueueMax = 256
    /// Snapshots at once, each on a connection of its own; one more is refused.
    package var snapshotMax = 4
    /// Statements that are kept prepared on one connection; those above go unnamed.
    package var preparedMax = 512
    /// The server's own limit for one statement: the second line of defence behind deadlines.
    package var statementTimeout: Duration = .seconds(30)
    /// How long one attempt to connect may take.
    package var connectTimeout: Duration = .seconds(5)

    package init(connectionString: String) {
        self.connectionString = connectionString
    }
}
