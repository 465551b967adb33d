import HostAuth
import HostModel
import Testing

struct RefreshTokenTests {
    @Test func `a token reads back from its text`() throws {
        let token = RefreshToken.make()
        #expect(token.text.count == 46)
        #expect(token.text.hasPrefix("rt_"))
        #expect(RefreshToken(parsing: token.text) == token)
        #expect(token.digest.count == 32)
        #expect(token != RefreshToken.make())
    }

    @Test func `the text never shows in a description`() {
        let token = RefreshToken.make()
        #expect(!"\(token)".contains(token.text.dropFirst(3)))
    }

    /// The last one has bits set beyond its 256: a second spelling of the same bytes.
    @Test(arguments: [
        "", "rt_", "rt_AAAA", "xx_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+A",
        "rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB",
    ])
    func `any other form is refused`(text: String) {
        #expect(RefreshToken(parsing: text) == nil)
    }
}

struct RefreshDecisionTests {
    private static let day: Duration = .seconds(86_400)

    private static func state(
        age: Duration, sessionAge: Duration, isSpent: Bool = false, isRevoked: Bool = false
    ) -> RefreshTokenState {
        RefreshTokenState(
            issuedAt: start + (.zero - age), sessionStartedAt: start + (.zero - sessionAge), isSpent: isSpent,
            isRevoked: isRevoked)
    }

    @Test func `a live token is rotated`() {
        #expect(RefreshDecision.decide(on: Self.state(age: .zero, sessionAge: .zero), at: start) == .rotate)
    }

    @Test func `an unknown token and one of an ended session look the same`() {
        #expect(RefreshDecision.decide(on: nil, at: start) == .unknown)
        let ended = Self.state(age: .zero, sessionAge: .zero, isSpent: true, isRevoked: true)
        #expect(RefreshDecision.decide(on: ended, at: start) == .unknown)
    }

    @Test func `a second use is found, also when the token lay idle longer than it may`() {
        let spent = Self.state(age: .zero, sessionAge: .zero, isSpent: true)
        #expect(RefreshDecision.decide(on: spent, at: start) == .reuseDetected)
        let old = Self.state(age: Self.day * 20, sessionAge: Self.day * 20, isSpent: true)
        #expect(RefreshDecision.decide(on: old, at: start) == .reuseDetected)
    }

    @Test func `a token lies unused for less than fourteen days`() {
        let almost = Self.state(age: Self.day * 14 - .microseconds(1), sessionAge: Self.day * 20)
        #expect(RefreshDecision.decide(on: almost, at: start) == .rotate)
        let idle = Self.state(age: Self.day * 14, sessionAge: Self.day * 20)
        #expect(RefreshDecision.decide(on: idle, at: start) == .expired)
    }

    @Test func `no session outlives thirty days, however busy`() {
        let almost = Self.state(age: .zero, sessionAge: Self.day * 30 - .microseconds(1))
        #expect(RefreshDecision.decide(on: almost, at: start) == .rotate)
        let ended = Self.state(age: .zero, sessionAge: Self.day * 30)
        #expect(RefreshDecision.decide(on: ended, at: start) == .expired)
    }

    @Test func `a clock that stepped back doesn't end a session`() {
        let ahead = Self.state(age: .seconds(-30), sessionAge: .seconds(-30))
        #expect(RefreshDecision.decide(on: ahead, at: start) == .rotate)
    }
}
