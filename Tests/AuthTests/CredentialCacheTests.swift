import Foundation
import HostAuth
import HostModel
import Testing

struct CredentialCacheTests {
    private let cache = CredentialCache()

    private func keep(_ token: String, _ principal: Principal, in cache: CredentialCache? = nil) {
        let cache = cache ?? self.cache
        cache.insert(token, principal, cache.begin(at: start))
    }

    @Test func `a kept credential is found, another text isn't`() {
        let kept = principal()
        keep("token-a", kept)
        #expect(cache.lookup("token-a", at: start)?.user == kept.user)
        #expect(cache.lookup("token-", at: start) == nil)
        #expect(cache.lookup("token-ab", at: start) == nil)
    }

    @Test func `two tokens that end alike are told apart`() {
        let ending = String(repeating: "x", count: 40)
        let kept = principal()
        keep("one" + ending, kept)
        #expect(cache.lookup("two" + ending, at: start) == nil)
        keep("two" + ending, principal())
        #expect(cache.lookup("one" + ending, at: start)?.session == kept.session)
    }

    @Test func `an expired credential is gone at the very instant`() {
        keep("token", principal(expires: start + .seconds(10)))
        #expect(cache.lookup("token", at: start + .microseconds(9_999_999)) != nil)
        #expect(cache.lookup("token", at: start + .seconds(10)) == nil)
        #expect(cache.count == 0)
    }

    @Test func `an entry is checked again after the freshness, counted from before its verification`() {
        let cache = CredentialCache(freshness: .seconds(60))
        keep("token", principal(), in: cache)
        #expect(cache.lookup("token", at: start + .seconds(59)) != nil)
        #expect(cache.lookup("token", at: start + .seconds(60)) == nil)
    }

    @Test func `forgetting takes the session, the user or the business and nothing else`() {
        let all = (0..<4).map { _ in principal() }
        for (number, principal) in all.enumerated() { keep("\(number)", principal) }
        cache.forget(session: all[0].session)
        cache.forget(user: all[1].user)
        cache.forget(business: all[2].business)
        #expect((0..<4).map { cache.lookup("\($0)", at: start) != nil } == [false, false, false, true])
    }

    @Test func `every token of a session is forgotten`() {
        let session = SessionID(UUID())
        for number in 0..<5 { keep("\(number)", principal(session: session)) }
        cache.forget(session: session)
        #expect(cache.count == 0)
    }

    @Test func `a verification that began before a forget can't insert after it`() {
        let revoked = principal()
        let ticket = cache.begin(at: start)
        cache.forget(session: revoked.session)
        #expect(!cache.insert("token", revoked, ticket))
        #expect(cache.lookup("token", at: start) == nil)
    }

    @Test func `losing the announcements turns away verifications under way too`() {
        keep("kept", principal())
        let ticket = cache.begin(at: start)
        cache.forgetAll()
        #expect(!cache.insert("late", principal(), ticket))
        #expect(cache.count == 0)
        #expect(cache.insert("new", principal(), cache.begin(at: start)))
    }

    @Test func `the oldest entry leaves when the cache is full`() {
        let cache = CredentialCache(entriesMax: 3)
        for number in 0..<5 { keep("\(number)", principal(), in: cache) }
        #expect(cache.count == 3)
        #expect((0..<5).map { cache.lookup("\($0)", at: start) != nil } == [false, false, true, true, true])
    }

    @Test func `an entry that was pushed out leaves no trace in the indexes`() {
        let cache = CredentialCache(entriesMax: 1)
        let first = principal()
        let second = principal()
        keep("first", first, in: cache)
        keep("second", second, in: cache)
        cache.forget(session: first.session)
        #expect(cache.lookup("second", at: start)?.session == second.session)
    }

    @Test func `inserting a token again replaces its principal`() {
        let cache = CredentialCache(entriesMax: 2)
        let user = UserID(UUID())
        keep("token", principal(), in: cache)
        keep("token", principal(user: user), in: cache)
        #expect(cache.count == 1)
        #expect(cache.lookup("token", at: start)?.user == user)
    }

    /// Readers verify against a flag that a revoker sets before it announces, as the database and NOTIFY do.
    @Test func `no order of steps leaves a revoked credential in the cache`() async {
        for _ in 0..<500 {
            let cache = CredentialCache()
            let subject = principal()
            let sessions = Sessions()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        let ticket = cache.begin(at: start)
                        if await sessions.isLive { cache.insert("token", subject, ticket) }
                    }
                }
                group.addTask {
                    await sessions.revoke()
                    cache.forget(session: subject.session)
                }
            }
            #expect(cache.lookup("token", at: start) == nil)
        }
    }
}

/// Stands for the row that a verification reads and a sign-out changes.
private actor Sessions {
    private(set) var isLive = true
    func revoke() { isLive = false }
}
