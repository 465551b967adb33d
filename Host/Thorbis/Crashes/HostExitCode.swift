import ArgumentParser
import HostSupervisor

/// The exit codes of `thorbis serve` beyond those of every command.
enum HostExitCode {
    static let recycled = HostExit.recycled

    /// Ends the command of a host that wants to be replaced.
    static func end(ifReplaced isReplaced: Bool) throws {
        if isReplaced { throw ExitCode(recycled) }
    }
}
