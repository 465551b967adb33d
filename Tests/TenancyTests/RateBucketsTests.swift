import HostModel
import HostTenancy
import Testing

struct RateBucketsTests {
    private static let start = Timestamp(microseconds: 1_700_000_000_000_000)
    private static let policy = RatePolicy(name: "test", quota: 2, window: .seconds(60))

    @Test func `one key's spending doesn't touch another's`() {
        let buckets = RateBuckets<String>(Self.policy)
        for _ in 0..<3 { _ = buckets.spend(by: "a", at: Self.start) }
        #expect(!buckets.spend(by: "a", at: Self.start).isAllowed)
        #expect(buckets.spend(by: "b", at: Self.start).remaining == 1)
    }

    @Test func `above the quota the problem says when to come back`() throws {
        let buckets = RateBuckets<String>(Self.policy)
        try buckets.require(2, by: "a", at: Self.start)
        let problem = try #require(throws: Problem.self) { try buckets.require(by: "a", at: Self.start) }
        #expect(problem.code == .rateLimited)
        #expect(problem.retryAfter == .seconds(30))
    }

    @Test func `invented keys don't grow the table`() {
        let buckets = RateBuckets<Int>(Self.policy, keysMax: 8)
        for key in 0..<100 { _ = buckets.spend(by: key, at: Self.start) }
        #expect(buckets.count == 8)
        #expect(buckets.spend(by: 99, at: Self.start).remaining == 0)
    }

    @Test func `tasks that spend at once get the quota and no more`() async {
        let buckets = RateBuckets<String>(RatePolicy(name: "test", quota: 100, window: .seconds(60)))
        let allowed = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<50).count { _ in buckets.spend(by: "a", at: Self.start).isAllowed } }
            }
            return await group.reduce(0, +)
        }
        #expect(allowed == 100)
    }

    @Test func `an IPv6 client counts by its network, an IPv4 client by its address`() throws {
        let first = try #require(ClientNetwork(address: "2001:db8:1:2::1"))
        #expect(first == ClientNetwork(address: "2001:db8:1:2:ffff::9"))
        #expect(first != ClientNetwork(address: "2001:db8:1:3::1"))
        #expect(ClientNetwork(address: "203.0.113.7") == ClientNetwork(address: "::ffff:203.0.113.7"))
        #expect(ClientNetwork(address: "203.0.113.7") != ClientNetwork(address: "203.0.113.8"))
    }

    @Test(arguments: ["", "203.0.113.7:80", "[::1]", "example.com", "203.0.113"])
    func `what isn't an address is refused`(text: String) {
        #expect(ClientNetwork(address: text) == nil)
    }
}
