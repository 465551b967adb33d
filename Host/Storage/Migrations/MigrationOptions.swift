/// How a migration goes about it. Every wait and every batch has its bound here.
package struct MigrationOptions: Sendable {
    /// Also drops and narrows what the manifest doesn't have any more.
    package var contracts = false
    /// Also rewrites tables above ``rewriteBytesMax``.
    package var allowsRewrites = false
    /// Looks whether the data of every business keeps a changed manifest's invariants before it is taken on.
    package var checksInvariants = true
    /// A table up to this size is rewritten in about a second.
    package var rewriteBytesMax: Int64 = 64 << 20
    /// A statement that waits longer for a table gives up, so that requests never queue behind it.
    package var lockTimeoutMilliseconds = 2_000
    /// Tries for one step, each after a longer pause.
    package var lockTriesMax = 12
    /// The first pause; doubled up to sixteen times of it.
    package var lockPause: Duration = .milliseconds(100)
    /// Records per transaction of a backfill.
    package var batchRows = 1_000
    /// Between two transactions of a backfill, so that it doesn't take the database to itself.
    package var batchPause: Duration = .milliseconds(5)
    /// Between two looks whether the other process is done.
    package var turnPause: Duration = .milliseconds(100)
    /// Told what is being done, a line at a time.
    package var say: @Sendable (String) -> Void = { _ in }
    /// Called when a step, or a batch of one, is recorded; a test stops the run by throwing.
    package var afterRecord: @Sendable () throws -> Void = {}

    package init() {}

    func pause(before attempt: Int) -> Duration { lockPause * (1 << min(attempt, 4)) }
}
