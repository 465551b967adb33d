import Foundation

/// Ends this process in order when its standard input ends: the other end of `--until-input-ends`.
///
/// A thread of its own, since the read blocks for the life of the process.
func stopWhenInputEnds() {
    Thread.detachNewThread {
        while let chunk = try? FileHandle.standardInput.read(upToCount: 1_024), !chunk.isEmpty {}
        kill(getpid(), SIGTERM)
    }
}
