import HostModel
import HostSupervisor
import Testing

struct HandOverScheduleTests {
    private func at(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

    @Test func `the first one is made at once, the next when its time has come`() {
        var schedule = HandOverSchedule(pause: .seconds(300))
        #expect(schedule.decision(asked: at(10), now: at(10)) == .now)
        schedule.begins(at: at(10))
        schedule.ended(at: at(12))
        #expect(schedule.decision(asked: at(20), now: at(20)) == .after(.seconds(290)))
        #expect(schedule.decision(asked: at(20), now: at(310)) == .now)
    }

    @Test func `what was asked for before fresh hosts came isn't done again`() {
        var schedule = HandOverSchedule(pause: .seconds(300))
        schedule.begins(at: at(10))
        schedule.ended(at: at(12))
        #expect(schedule.decision(asked: at(11), now: at(400)) == .never, "the other host asked too")
        schedule.ended(at: at(350))
        #expect(schedule.decision(asked: at(340), now: at(400)) == .never, "a person handed over meanwhile")
    }

    @Test func `one that failed is tried again, not sooner`() {
        var schedule = HandOverSchedule(pause: .seconds(300))
        schedule.begins(at: at(10))
        #expect(schedule.decision(asked: at(10), now: at(11)) == .after(.seconds(299)))
        #expect(schedule.decision(asked: at(10), now: at(310)) == .now)
    }

    @Test func `a hand-over by a person keeps none that hosts ask for from being made`() {
        var schedule = HandOverSchedule(pause: .seconds(300))
        schedule.ended(at: at(12))
        #expect(schedule.decision(asked: at(13), now: at(13)) == .now)
    }
}
