import HostModel
import HostTenancy

/// Bounds what one address may try without a credential: guessing passwords, making businesses.
///
/// Requests with a credential are bounded per business, in ``TierGate``.
struct RateLimiting: Sendable {
    /// The bucket that a route without a credential spends from.
    enum Kind: Sendable { case signIn, signUp }

    private let signIn: RateBuckets<String>?
    private let signUp: RateBuckets<String>?
    private let clock: any WallClock

    /// - Parameters:
    ///   - signIn: Nil for no limit.
    ///   - signUp: Nil for no limit.
    init(signIn: RatePolicy?, signUp: RatePolicy?, clock: any WallClock) {
        self.signIn = signIn.map { RateBuckets($0) }
        self.signUp = signUp.map { RateBuckets($0) }
        self.clock = clock
    }

    /// - Throws: `rate_limited`.
    func admit(_ request: RoutedRequest) throws(Problem) {
        guard case .open(let endpoint) = request.route.handler, let kind = endpoint.rateKind else { return }
        let buckets = kind == .signIn ? signIn : signUp
        try buckets?.require(by: request.http.peer, at: clock.now())
    }
}
