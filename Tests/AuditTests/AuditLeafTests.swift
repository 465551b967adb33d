import Foundation
import HostAudit
import HostModel
import Testing

struct AuditLeafTests {
    /// Leaf 0 of the log below, made by another program (Python, hashlib and struct) from the format's table.
    private static let firstLeaf =
        "544241310101018f0000000070008000000000000001000000000000000000060a24181e4000"
        + "0000000000000000000000000000000000000000000000000000000000000000"
        + "018f0000000070008000000000000064018f000000007000800000000000000200000000000000000000000000000000"
        + "001168732e696e766f6963652e757064617465000e68732e696e766f6963652f303138"
        + "eaeaad1b18369b2f8037b712c76c79a4b0cfd866460d7237db122f7e13e1e49d"
        + "07ed861b1ecf96edb7d43d9d543c02d6ca55180f54371ec25ef5e6237d99fb29"
    private static let firstHash = "785175fca47aad1add5fb9aa09031ec0064e78257121461036ee74175ffd6976"
    private static let rootOfSeven = "db5d1981bc8e5ac3356cfe9f4710f42777b271fed39a9fa1275ad4d65776d5e9"

    private static let salt = [UInt8](0..<32)
    private static let payload: JSONValue = .object([
        "before": .object(["status": "sent"]), "after": .object(["total_cents": 12345, "status": "paid"]),
    ])

    private static func id(_ number: UInt64) -> UUID {
        UUIDv7Source.make(milliseconds: 0x018F_0000_0000, random: (0, number))
    }

    private static func entry(_ number: UInt64, action: String = "hs.invoice.update") -> AuditEntry {
        AuditEntry(
            eventID: id(100 + number), time: Timestamp(microseconds: 1_700_000_000_000_000 + Int64(number)),
            actorKind: .user, actorID: id(2), subjectID: nil, action: action, object: "hs.invoice/018",
            payloadCommitment: AuditCommitment(salt: salt, payload: payload),
            contextCommitment: AuditCommitment(salt: salt, payload: .object([:])))
    }

    private static func log(of count: UInt64) throws -> [AuditLeaf] {
        var leaves: [AuditLeaf] = []
        for index in 0..<count {
            leaves.append(
                try AuditLeaf(entry(index), of: BusinessID(id(1)), index: index, previous: leaves.last?.hash ?? .zero))
        }
        return leaves
    }

    @Test func `the bytes are those of the format`() throws {
        let leaf = try #require(Self.log(of: 1).first)
        #expect(leaf.bytes.count == 217)
        #expect(leaf.bytes.map { String(format: "%02x", $0) }.joined() == Self.firstLeaf)
        #expect(leaf.hash.description == Self.firstHash)
    }

    @Test func `each leaf carries the hash of the one before`() throws {
        let leaves = try Self.log(of: 4)
        for (before, leaf) in zip(leaves, leaves.dropFirst()) {
            #expect(Array(leaf.bytes[38..<70]) == before.hash.bytes)
        }
    }

    @Test func `a log of seven has the root that another program computes`() throws {
        var frontier = MerkleFrontier()
        for leaf in try Self.log(of: 7) { frontier.append(leaf.hash) }
        #expect(frontier.root.description == Self.rootOfSeven)
    }

    @Test func `another place, business or predecessor is another leaf`() throws {
        let entry = Self.entry(0)
        let here = try AuditLeaf(entry, of: BusinessID(Self.id(1)), index: 0, previous: .zero)
        let other = try [
            AuditLeaf(entry, of: BusinessID(Self.id(1)), index: 1, previous: .zero),
            AuditLeaf(entry, of: BusinessID(Self.id(9)), index: 0, previous: .zero),
            AuditLeaf(entry, of: BusinessID(Self.id(1)), index: 0, previous: .emptyRoot),
        ]
        #expect(!other.map(\.hash).contains(here.hash))
    }

    @Test func `an action that its length field can't hold is refused`() {
        let entry = Self.entry(0, action: String(repeating: "a", count: 65_536))
        #expect(throws: AuditLeafError.textTooLong) {
            try AuditLeaf(entry, of: BusinessID(Self.id(1)), index: 0, previous: .zero)
        }
    }
}
