import HostModel
import NIOCore

/// What the connections of one event loop share: the executor of their tasks, the date line and the ids of requests.
///
/// `@unchecked Sendable`: everything that changes is touched on the loop's thread only.
final class ServerLoop: @unchecked Sendable {
    let executor: LoopExecutor
    private let clock: any WallClock
    private var ids: RequestIDSource
    private var dateSecond: Int64 = .min
    private var dateLine: [UInt8] = []

    init(loop: any EventLoop, clock: any WallClock) {
        executor = LoopExecutor(loop: loop)
        self.clock = clock
        var generator = SystemRandomNumberGenerator()
        ids = RequestIDSource(random: (generator.next(), generator.next()))
    }

    func nextRequestID() -> RequestID {
        ids.next(milliseconds: UInt64(max(0, clock.now().microseconds / 1_000)))
    }

    /// `Date: Sun, 22 Nov 2026 15:00:00 GMT` with its line end, made once a second.
    func currentDateLine() -> [UInt8] {
        let second = clock.now().microseconds / 1_000_000
        if second != dateSecond {
            dateSecond = second
            dateLine = Array("Date: \(HTTPDate.text(second: second))\r\n".utf8)
        }
        return dateLine
    }
}
