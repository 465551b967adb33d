package import HostModel
import Synchronization

/// A bucket for each key (a client address, an account, a business) under one policy.
///
/// Bounded: above `keysMax` the key first seen longest ago is dropped, which gives that key a full bucket again; memory
/// can't be exhausted by inventing keys. Called from any thread, never waits.
package final class RateBuckets<Key: Hashable & Sendable>: Sendable {
    private struct State {
        var buckets: [Key: RateBucket] = [:]
        /// Keys in the order they came, as a ring.
        var order: [Key] = []
        var hand = 0
    }

    package let policy: RatePolicy
    private let keysMax: Int
    private let state = Mutex(State())

    package init(_ policy: RatePolicy, keysMax: Int = 50_000) {
        precondition(keysMax >= 1)
        self.policy = policy
        self.keysMax = keysMax
    }

    /// Spends from the key's bucket.
    package func spend(_ cost: Int = 1, by key: Key, at now: Timestamp) -> RateDecision {
        state.withLock { state in
            if state.buckets[key] == nil { admit(key, to: &state) }
            return state.buckets[key, default: RateBucket(policy, at: now)].spend(cost, at: now)
        }
    }

    /// Spends, or refuses.
    ///
    /// - Throws: `rate_limited` with `retryAfter`.
    @discardableResult
    package func require(_ cost: Int = 1, by key: Key, at now: Timestamp) throws(Problem) -> RateDecision {
        let decision = spend(cost, by: key, at: now)
        guard decision.isAllowed else {
            throw Problem(
                .rateLimited, "Too many requests; wait before you try again.",
                members: ["policy": .string(policy.name)], retryAfter: decision.retryAfter)
        }
        return decision
    }

    package var count: Int { state.withLock { state in state.buckets.count } }

    private func admit(_ key: Key, to state: inout State) {
        guard state.order.count == keysMax else {
            state.order.append(key)
            return
        }
        state.buckets[state.order[state.hand]] = nil
        state.order[state.hand] = key
        state.hand = (state.hand + 1) % keysMax
    }
}
