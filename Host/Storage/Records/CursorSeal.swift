import Crypto
import Foundation
package import HostModel
package import HostSQL

/// Makes cursors that only we can make, each good for one list of one business.
///
/// A cursor is base64url of an HMAC-SHA256 and the position: 32 bytes, then the record's id (16 bytes), then the sort
/// key behind a byte that says whether there is one. It hides nothing that the page didn't show.
package struct CursorSeal: Sendable {
    private let key: SymmetricKey

    /// Longer ones are refused before anything is computed.
    package static let textBytesMax = 4_096
    private static let tagBytes = 32
    private static let idBytes = 16

    /// - Parameter key: 32 bytes or more; the same on every host of an installation.
    package init(key: [UInt8]) {
        precondition(key.count >= 32, "a cursor key has 32 bytes or more")
        self.key = SymmetricKey(data: key)
    }

    /// A key for another purpose, 256 bits, that tells nothing about this one.
    func derivedKey(for purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Array(purpose.utf8), outputByteCount: 32)
    }

    /// What a cursor belongs to.
    package struct List: Hashable, Sendable {
        package let business: BusinessID
        /// The plan's label, such as `hs.customers`.
        package let label: String
        /// Sort, filters and search: ``HostSQL/ListQuery/fingerprint``.
        package let fingerprint: String

        package init(business: BusinessID, label: String, fingerprint: String) {
            self.business = business
            self.label = label
            self.fingerprint = fingerprint
        }
    }

    package func seal(_ position: ListQuery.Position, of list: List) -> String {
        let payload = Self.payload(position)
        return Base64URL.encode(
            Array(HMAC<SHA256>.authenticationCode(for: message(payload, list), using: key)) + payload)
    }

    /// - Throws: `invalid_cursor` for one that was altered, or made for another list or business.
    package func open(_ text: String, of list: List) throws(Problem) -> ListQuery.Position {
        guard text.utf8.count <= Self.textBytesMax, let bytes = Base64URL.decode(text.utf8),
            bytes.count > Self.tagBytes + Self.idBytes
        else { throw .invalidCursor }
        let payload = Array(bytes.dropFirst(Self.tagBytes))
        // Compares in constant time.
        let isOurs = HMAC<SHA256>.isValidAuthenticationCode(
            bytes.prefix(Self.tagBytes), authenticating: message(payload, list), using: key)
        guard isOurs, let position = Self.position(payload) else { throw .invalidCursor }
        return position
    }

    /// Lengths stand before the texts, so that no two lists give the same bytes.
    private func message(_ payload: [UInt8], _ list: List) -> [UInt8] {
        let parts = [list.business.description, list.label, list.fingerprint]
        return Array(parts.map { "\($0.utf8.count):\($0)" }.joined().utf8) + payload
    }

    private static func payload(_ position: ListQuery.Position) -> [UInt8] {
        let id = position.id.description.utf8.filter { $0 != UInt8(ascii: "-") }
        let pairs = stride(from: 0, to: id.count, by: 2).compactMap {
            UInt8(String(decoding: id[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
        return pairs + (position.key.map { [1] + Array($0.utf8) } ?? [0])
    }

    private static func position(_ payload: [UInt8]) -> ListQuery.Position? {
        let id = payload.prefix(idBytes).hexadecimal
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { id.dropFirst($0.lowerBound).prefix($0.count) }
        guard let record = RecordID(groups.joined(separator: "-")) else { return nil }
        let hasKey = payload[idBytes] == 1
        let key = hasKey ? String(validating: payload.dropFirst(idBytes + 1), as: UTF8.self) : nil
        return hasKey && key == nil ? nil : ListQuery.Position(key: key, id: record)
    }
}

extension Problem {
    static let invalidCursor = Problem(
        .invalidCursor, "The cursor doesn't belong to this list; start again without one.")
}
