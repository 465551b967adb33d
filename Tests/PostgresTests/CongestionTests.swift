import NIOCore
import Testing

// A detail of lanes and pool, where time can't be set.
@testable import HostPostgres

struct CongestionTests {
    private static let start = NIODeadline.uptimeNanoseconds(10_000_000_000)

    private func moment(_ milliseconds: Int64) -> NIODeadline { Self.start + .milliseconds(milliseconds) }

    /// Asks about one that likes to wait until `likes`, and has a deadline far away.
    private func sendsAway(_ congestion: inout Congestion, likes: Int64, at now: Int64) -> Bool {
        congestion.sendsAway(likes: moment(likes), deadline: moment(60_000), at: moment(now))
    }

    @Test func `who likes to wait on stays, and whose deadline is over goes`() {
        var congestion = Congestion(grace: .zero)
        #expect(!sendsAway(&congestion, likes: 150, at: 149))
        #expect(sendsAway(&congestion, likes: 150, at: 150))
        var patient = Congestion(grace: .seconds(1))
        let isGone = patient.sendsAway(likes: moment(60), deadline: moment(60), at: moment(60))
        #expect(isGone)
    }

    @Test func `a line that is slow for less than the grace sends nobody away`() {
        var congestion = Congestion(grace: .seconds(1))
        for now in stride(from: Int64(150), to: 1_150, by: 25) {
            #expect(!sendsAway(&congestion, likes: 0, at: now), "\(now) ms")
        }
        #expect(!sendsAway(&congestion, likes: 3_000, at: 1_400), "nobody is late")
        for now in stride(from: Int64(1_700), to: 2_700, by: 25) {
            #expect(!sendsAway(&congestion, likes: 1_500, at: now), "another moment's delay, \(now) ms")
        }
    }

    @Test func `a line that stays too long sends away who is late, for as long as some are`() {
        var congestion = Congestion(grace: .seconds(1))
        for now in stride(from: Int64(150), to: 1_150, by: 25) { _ = sendsAway(&congestion, likes: now, at: now) }
        for now in stride(from: Int64(1_150), to: 5_000, by: 400) {
            #expect(!sendsAway(&congestion, likes: now + 1, at: now))
            #expect(sendsAway(&congestion, likes: now, at: now), "\(now) ms")
        }
    }
}
