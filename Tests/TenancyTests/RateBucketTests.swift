import HostModel
import HostTenancy
import Testing

struct RateBucketTests {
    private static let start = Timestamp(microseconds: 1_700_000_000_000_000)
    private static let policy = RatePolicy(name: "test", quota: 10, window: .seconds(60))

    private static func emptied() -> RateBucket {
        var bucket = RateBucket(policy, at: start)
        _ = bucket.spend(10, at: start)
        return bucket
    }

    @Test func `a new bucket gives its quota at once and then refuses`() {
        var bucket = RateBucket(Self.policy, at: Self.start)
        let decisions = (0..<11).map { _ in bucket.spend(at: Self.start) }
        #expect(decisions.map(\.isAllowed) == [Bool](repeating: true, count: 10) + [false])
        #expect(decisions.map(\.remaining) == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0])
        #expect(decisions.last?.retryAfter == .seconds(6))
        #expect(decisions.last?.resetAfter == .seconds(60))
    }

    @Test func `waiting as long as it says is enough, a microsecond less is not`() {
        var bucket = Self.emptied()
        #expect(!bucket.spend(at: Self.start + .microseconds(5_999_999)).isAllowed)
        #expect(bucket.spend(at: Self.start + .seconds(6)).isAllowed)
    }

    @Test func `a refused request costs nothing`() {
        var bucket = Self.emptied()
        for second in 1...5 { _ = bucket.spend(at: Self.start + .seconds(second)) }
        #expect(bucket.spend(at: Self.start + .seconds(6)).isAllowed)
    }

    @Test func `over an hour no more than the rate is let through`() {
        var bucket = RateBucket(Self.policy, at: Self.start)
        let allowed = (0..<3_600).count { bucket.spend(at: Self.start + .seconds($0)).isAllowed }
        #expect((609...610).contains(allowed))
    }

    @Test func `it never holds more than its quota`() {
        var bucket = RateBucket(Self.policy, at: Self.start)
        #expect(bucket.spend(at: Self.start + .seconds(86_400)).remaining == 9)
    }

    @Test func `a clock that jumps back gives nothing and stops nothing`() {
        var bucket = Self.emptied()
        #expect(!bucket.spend(at: Self.start + .seconds(-30)).isAllowed)
        #expect(bucket.spend(at: Self.start + .seconds(-24)).isAllowed)
    }

    @Test func `a clock that jumps ahead gives what the jump would have given`() {
        var bucket = Self.emptied()
        #expect(bucket.spend(at: Self.start + .seconds(30)).remaining == 4)
    }

    @Test func `the largest policy doesn't overflow`() {
        let policy = RatePolicy(name: "large", quota: 1_000_000, window: .seconds(86_400))
        var bucket = RateBucket(policy, at: Timestamp(microseconds: 0))
        #expect(bucket.spend(1_000_000, at: Self.start).isAllowed)
        #expect(bucket.spend(at: Timestamp(microseconds: .max / 2)).remaining == 999_999)
    }
}
