package import HostModel

/// What a request's spending came to.
package struct RateDecision: Hashable, Sendable {
    package let isAllowed: Bool
    /// Whole requests left.
    package let remaining: Int
    /// Until the bucket is full again: `t` of the `RateLimit` header.
    package let resetAfter: Duration
    /// When trying again makes sense; nil if allowed.
    package let retryAfter: Duration?
}

/// A token bucket: starts full, fills evenly, never above its policy's quota.
///
/// The time comes in. A clock that jumps back gives no tokens and doesn't stop the filling; one that jumps ahead gives
/// at most what the jump would have given, and the quota bounds that.
package struct RateBucket: Hashable, Sendable {
    package let policy: RatePolicy
    /// In token-microseconds: one token is the window's length, so that filling is exact in integers.
    private var level: Int64
    private var seenAt: Timestamp

    package init(_ policy: RatePolicy, at now: Timestamp) {
        self.policy = policy
        level = policy.full
        seenAt = now
    }

    /// Spends `cost` requests if they are there; spends nothing otherwise.
    package mutating func spend(_ cost: Int = 1, at now: Timestamp) -> RateDecision {
        precondition((1...policy.quota).contains(cost))
        fill(until: now)
        let price = Int64(cost) * policy.windowMicroseconds
        let isAllowed = level >= price
        if isAllowed { level -= price }
        return RateDecision(
            isAllowed: isAllowed, remaining: Int(level / policy.windowMicroseconds),
            resetAfter: timeToGain(policy.full - level), retryAfter: isAllowed ? nil : timeToGain(price - level))
    }

    private mutating func fill(until now: Timestamp) {
        // Capped before multiplying: a whole window fills any bucket, and the product then stays in 64 bits.
        let elapsed = min(max(0, now.microseconds - seenAt.microseconds), policy.windowMicroseconds)
        seenAt = now
        level = min(policy.full, level + elapsed * Int64(policy.quota))
    }

    /// Rounded up, so that a client that waits this long is served.
    private func timeToGain(_ amount: Int64) -> Duration {
        let quota = Int64(policy.quota)
        return .microseconds((amount + quota - 1) / quota)
    }
}

extension RatePolicy {
    fileprivate var windowMicroseconds: Int64 {
        window.components.seconds * 1_000_000 + window.components.attoseconds / 1_000_000_000_000
    }

    fileprivate var full: Int64 { Int64(quota) * windowMicroseconds }
}
