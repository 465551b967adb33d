package import HostModel

/// Binds an entry to its payload without showing it: `SHA256(0x02 ‖ salt ‖ u64(length) ‖ JCS(payload))`.
///
/// The salt is kept with the encrypted payload. Destroying both leaves a value that nobody can test guesses against,
/// so the entry stays provable after an erasure.
package struct AuditCommitment: Hashable, Sendable {
    package let hash: AuditHash

    package static let saltByteCount = 32

    /// - Parameter salt: 32 random bytes, fresh for each payload.
    package init(salt: [UInt8], payload: JSONValue) {
        precondition(salt.count == Self.saltByteCount)
        let text = CanonicalJSON.encode(payload)
        hash = .commitment(salt + BigEndian.bytes(UInt64(text.count)) + text)
    }

    /// One that was computed before.
    package init(hash: AuditHash) {
        self.hash = hash
    }

    package static func makeSalt(using generator: inout some RandomNumberGenerator) -> [UInt8] {
        (0..<saltByteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
