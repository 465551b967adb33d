import HostModel
import Testing

struct OrderingTests {
    @Test func `seconds are rounded down, before the epoch too`() {
        #expect(Timestamp(microseconds: 1_999_999).seconds == 1)
        #expect(Timestamp(microseconds: -1).seconds == -1)
    }

    @Test func `a duration leads from one instant to another`() {
        let start = Timestamp(microseconds: 5)
        let end = start + .seconds(900)
        #expect(end.microseconds == 900_000_005)
        #expect(end - start == .seconds(900))
    }

    @Test func `tiers and scopes are ordered by what they include`() {
        #expect(Tier.allCases == Tier.allCases.sorted())
        #expect(PermissionScope.own < .business)
    }
}
