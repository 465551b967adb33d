import HostModel
import HostSupervisor
import Testing

struct RestartPolicyTests {
    private func instant(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

    @Test func `a host that served is replaced at once`() {
        var policy = RestartPolicy()
        for second in 0..<5 { #expect(policy.died(wasReady: true, at: instant(Int64(second))) == .zero) }
    }

    @Test func `one that dies over and over has to wait, twice as long each time`() {
        var policy = RestartPolicy()
        for second in 0..<5 { _ = policy.died(wasReady: true, at: instant(Int64(second))) }
        #expect(policy.died(wasReady: true, at: instant(6)) == .seconds(1))
        #expect(policy.died(wasReady: true, at: instant(8)) == .seconds(2))
        #expect(
            policy.died(wasReady: true, at: instant(200)) == .zero, "deaths of more than a minute ago are forgotten")
    }

    @Test func `a host that never served waits from the first time, up to two minutes`() {
        var policy = RestartPolicy()
        let delays = (0..<9).map { policy.died(wasReady: false, at: instant(Int64($0))) }
        #expect(delays == [1, 2, 4, 8, 16, 32, 64, 120, 120].map { .seconds($0) })
        policy.becameReady()
        #expect(policy.died(wasReady: false, at: instant(900)) == .seconds(1))
    }
}
