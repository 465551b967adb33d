import Foundation
package import HostModel
import Synchronization

/// Hashes and checks passwords on a few threads of its own, so that sign-ins can't take the CPU from requests.
///
/// Waiting work is bounded: when the queue is full, callers are told to come back. Called from any task; never blocks
/// an event loop or the cooperative pool.
package final class PasswordHasher: Sendable {
    private let cost: ScryptCost
    private let admittedMax: Int
    private let admitted = Mutex(0)
    private let queue: OperationQueue
    /// Checked when there is no account: an answer that came faster would tell which e-mail addresses have one.
    private let decoy: PasswordHash

    /// - Parameters:
    ///   - threads: How many hashes run at once; each takes a core and the cost's memory (32 MiB).
    ///   - queueMax: How many may wait for a thread.
    package init(cost: ScryptCost = .standard, threads: Int = 1, queueMax: Int = 32) {
        precondition(threads >= 1 && queueMax >= 0)
        self.cost = cost
        admittedMax = threads + queueMax
        queue = OperationQueue()
        queue.name = "thorbis.passwords"
        queue.maxConcurrentOperationCount = threads
        decoy = PasswordHash(decoyOf: cost)
    }

    /// A new hash, to be stored.
    ///
    /// - Throws: `unavailable` when too many are waiting.
    package func hash(_ password: String) async throws(Problem) -> PasswordHash {
        let cost = cost
        return try await run { try PasswordHash(hashing: password, cost: cost) }
    }

    /// Whether the password is right.
    ///
    /// - Parameter hash: nil when there is no such account or it has no password; takes as long and gives false.
    /// - Throws: `unavailable` when too many are waiting.
    package func verify(_ password: String, against hash: PasswordHash?) async throws(Problem) -> Bool {
        let decoy = decoy
        return try await run { try (hash ?? decoy).verifies(password) } && hash != nil
    }

    /// Whether the hash was made with another cost than today's: hash anew after the next sign-in.
    package func isOutdated(_ hash: PasswordHash) -> Bool { hash.cost != cost }

    private func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws(Problem) -> Value {
        guard admit() else { throw .unavailable(retryAfter: .seconds(2)) }
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            queue.addOperation {
                let result = Result(catching: work)
                self.leave()
                continuation.resume(returning: result)
            }
        }
        do {
            return try result.get()
        } catch {
            // The key derivation fails only when 32 MiB can't be had.
            throw .unavailable(retryAfter: .seconds(2))
        }
    }

    private func admit() -> Bool {
        admitted.withLock { count in
            guard count < admittedMax else { return false }
            count += 1
            return true
        }
    }

    private func leave() {
        admitted.withLock { count in count -= 1 }
    }
}
