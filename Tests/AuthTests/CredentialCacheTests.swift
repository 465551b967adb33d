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

    @Test func `a principal is seen by the set of plugins that it was worked out with, and revoked for all`() {
        let first = principal()
        #expect(cache.insert("token", first, cache.begin(edition: 1, at: start)))
        #expect(cache.lookup("token", edition: 1, at: start)?.user == first.user)
        #expect(cache.lookup("token", edition: 2, at: start) == nil)
        let late = cache.begin(edition: 1, at: start)
        #expect(cache.insert("token", principal(), cache.begin(edition: 2, at: start)))
        #expect(cache.lookup("token", edition: 1, at: start) == nil, "a token is with one set at a time")
        cache.forget(session: first.session)
        #expect(!cache.insert("token", first, late))
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

    /// All ten orders of a verification's three steps and a revocation's two: the database first, then the cache.
    @Test(arguments: 0..<5, 0..<5)
    func `no order of steps leaves a revoked credential in the cache`(revocation: Int, announcement: Int) {
        guard revocation < announcement else { return }
        let subject = principal()
        var isLive = true
        var seenLive = false
        var ticket = cache.begin(at: start)
        var verification = [
            { ticket = cache.begin(at: start) }, { seenLive = isLive },
            { if seenLive { cache.insert("token", subject, ticket) } },
        ]
        for position in 0..<5 {
            switch position {
            case revocation: isLive = false
            case announcement: cache.forget(session: subject.session)
            default: verification.removeFirst()()
            }
        }
        #expect(cache.lookup("token", at: start) == nil)
    }

    @Test func `tasks that keep, find and forget at once leave it whole`() async {
        let cache = CredentialCache(entriesMax: 16)
        let principals = (0..<32).map { _ in principal() }
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for step in 0..<2_000 {
                        let number = (step * 7 + task) % 32
                        keep("\(number)", principals[number], in: cache)
                        if let found = cache.lookup("\(number)", at: start) {
                            #expect(found.session == principals[number].session)
                        }
                        if step % 5 == 0 { cache.forget(session: principals[number].session) }
                    }
                }
            }
        }
        #expect(cache.count <= 16)
        for principal in principals { cache.forget(user: principal.user) }
        #expect(cache.count == 0)
    }
}
