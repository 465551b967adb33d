import Crypto

/// A SHA-256 value: a leaf's hash, a node or the root of the log. 32 bytes.
package struct AuditHash: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// - Parameter bytes: Exactly 32; nil otherwise.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    private init(digest: SHA256.Digest) {
        bytes = Array(digest)
    }

    /// What stands before the first leaf: 32 zero bytes.
    package static let zero = AuditHash(zeroes: 32)

    private init(zeroes count: Int) {
        bytes = [UInt8](repeating: 0, count: count)
    }

    /// The root of a log without entries: the hash of nothing (RFC 6962 section 2.1).
    package static let emptyRoot = AuditHash(digest: SHA256.hash(data: [UInt8]()))

    /// `SHA256(0x00 ‖ leaf)`.
    package static func leaf(_ bytes: [UInt8]) -> AuditHash { AuditHash(digest: SHA256.hash(data: [0x00] + bytes)) }

    /// `SHA256(0x01 ‖ left ‖ right)`.
    package static func node(_ left: AuditHash, _ right: AuditHash) -> AuditHash {
        AuditHash(digest: SHA256.hash(data: [0x01] + left.bytes + right.bytes))
    }

    /// `SHA256(0x02 ‖ bytes)`: the domain of commitments, so that none is ever also a leaf or a node.
    static func commitment(_ bytes: [UInt8]) -> AuditHash { AuditHash(digest: SHA256.hash(data: [0x02] + bytes)) }

    /// Lower-case hexadecimal, 64 characters.
    package var description: String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
