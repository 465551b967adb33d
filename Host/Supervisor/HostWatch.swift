import Glibc

/// What the thread of a child does: passes its log on, hears that it serves, and waits for its end.
struct HostWatch: Sendable {
    let pid: Int32
    /// The descriptor of the process; its owner closes it.
    let process: Int32
    /// The pipes' ends; closed here.
    let log: Int32
    let ready: Int32
    /// How lines that are no records are marked: "host 1 (4242)".
    let name: String
    let sink: LogSink

    private static let chunkBytes = 16_384

    func run(_ tell: (HostChild.Event) -> Void) {
        var lines = LogLines()
        var buffer = [UInt8](repeating: 0, count: Self.chunkBytes)
        var isReady = false
        var polls = [log, ready, process].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while polls[2].revents == 0 {
            // Sound: the kernel writes into the array, which outlives the call.
            let count = unsafe poll(&polls, nfds_t(polls.count), -1)
            guard count > 0 else {
                if count < 0, errno != EINTR { break }
                continue
            }
            if polls[0].revents != 0, !pass(&lines, &buffer) { polls[0].fd = -1 }
            if polls[1].revents != 0 {
                // One byte or more says so; an end without a byte says nothing.
                if !isReady, Descriptors.read(ready, into: &buffer)?.isEmpty == false {
                    isReady = true
                    tell(.ready)
                }
                polls[1].fd = -1
            }
        }
        // What is still in the pipe; a child of the child may hold it open for longer.
        Descriptors.stopBlocking(log)
        while pass(&lines, &buffer) {}
        if let last = lines.last() { sink.write(last, of: name) }
        Descriptors.close(log)
        Descriptors.close(ready)
        tell(.ended(reap()))
    }

    /// - Returns: Whether there may be more.
    private func pass(_ lines: inout LogLines, _ buffer: inout [UInt8]) -> Bool {
        guard let bytes = Descriptors.read(log, into: &buffer), !bytes.isEmpty else { return false }
        for line in lines.take(bytes) { sink.write(line, of: name) }
        return true
    }

    private func reap() -> HostDeath.Ending {
        var status: Int32 = 0
        // Sound: the kernel writes into a local. Only this thread waits for the child.
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? .exited(code: (status >> 8) & 0xFF) : .signalled(signal)
    }
}
