import HostModel
import HostSupervisor
import Testing

struct RestartPolicyTests {
    private func instant(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

    @Test func `waits twice as long after each death`() {
        var policy = RestartPolicy()
        #expect(policy.died(at: instant(0)) == .restart(after: .seconds(1)))
        #expect(policy.died(at: instant(2)) == .restart(after: .seconds(2)))
        #expect(policy.died(at: instant(5)) == .restart(after: .seconds(4)))
    }

    @Test func `gives up at the fifth death within a minute`() {
        var policy = RestartPolicy()
        for second in 0..<4 { _ = policy.died(at: instant(Int64(second))) }
        #expect(policy.died(at: instant(59)) == .giveUp(deaths: 5))
    }

    @Test func `forgets deaths older than a minute`() {
        var policy = RestartPolicy()
        for second in 0..<4 { _ = policy.died(at: instant(Int64(second))) }
        #expect(policy.died(at: instant(200)) == .restart(after: .seconds(1)))
    }
}
