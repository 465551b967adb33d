import Foundation
package import HostModel

/// An entry at its place in a business's log, in the bytes of format TBA1. Changing the format changes every proof.
///
/// Integers big-endian, texts UTF-8 after a 16-bit length:
/// ```
///   0   4  "TBA1"            38  32  hash of the leaf before (zeroes for index 0)
///   4   1  version, 1        70  16  event id
///   5   1  actor kind        86  16  actor id (zeroes for none)
///   6  16  business id      102  16  subject id (zeroes for none)
///  22   8  index, from 0    118      action, object
///  30   8  µs since 1970         32  payload commitment, then 32 context commitment
/// ```
package struct AuditLeaf: Hashable, Sendable {
    package let bytes: [UInt8]
    /// The RFC 6962 leaf hash, which is also the link that the next leaf carries.
    package let hash: AuditHash

    /// - Parameters:
    ///   - index: From 0, without gaps in one business's log.
    ///   - previous: The hash of the leaf at `index - 1`; ``AuditHash/zero`` for index 0.
    /// - Throws: ``AuditLeafError``.
    package init(
        _ entry: AuditEntry, of business: BusinessID, index: UInt64, previous: AuditHash
    ) throws(AuditLeafError) {
        guard entry.time.microseconds >= 0 else { throw .timeOutOfRange }
        var bytes = Array("TBA1".utf8)
        bytes += [0x01, entry.actorKind.rawValue]
        bytes += Self.bytes(business.uuid)
        bytes += BigEndian.bytes(index)
        bytes += BigEndian.bytes(UInt64(entry.time.microseconds))
        bytes += previous.bytes
        bytes += Self.bytes(entry.eventID) + Self.bytes(entry.actorID) + Self.bytes(entry.subjectID)
        bytes += try Self.bytes(entry.action)
        bytes += try Self.bytes(entry.object)
        bytes += entry.payloadCommitment.hash.bytes + entry.contextCommitment.hash.bytes
        self.bytes = bytes
        hash = .leaf(bytes)
    }

    private static func bytes(_ uuid: UUID?) -> [UInt8] {
        guard let id = uuid?.uuid else { return [UInt8](repeating: 0, count: 16) }
        return [
            id.0, id.1, id.2, id.3, id.4, id.5, id.6, id.7, id.8, id.9, id.10, id.11, id.12, id.13, id.14, id.15,
        ]
    }

    private static func bytes(_ text: String) throws(AuditLeafError) -> [UInt8] {
        guard let length = UInt16(exactly: text.utf8.count) else { throw .textTooLong }
        return BigEndian.bytes(length) + text.utf8
    }
}

/// Why an entry can't be a leaf.
package enum AuditLeafError: Error, Hashable, Sendable {
    /// Before 1970.
    case timeOutOfRange
    /// Action or object of more than 65,535 bytes.
    case textTooLong
}
