import Crypto
import HostModel

/// What somebody may do and see in a business, as a number: principals have one only when their roles grant the same,
/// their tier is the same, and the same of the business's own fields is hidden from them.
///
/// A SHA-256, so that nobody can make two kinds of rights look alike.
package struct RightsDigest: Hashable, Sendable {
    private let words: [UInt64]

    init(_ permissions: PermissionSet, _ tier: Tier, _ veil: CustomVeil) {
        let texts = permissions.grantTexts.sorted() + [tier.rawValue, veil.text]
        words = Self.words(of: texts)
    }

    package static func == (one: Self, other: Self) -> Bool { one.words == other.words }

    package func hash(into hasher: inout Hasher) { hasher.combine(words[0]) }

    /// Lengths stand before the texts, so that no two lists give the same bytes.
    private static func words(of texts: [String]) -> [UInt64] {
        var hash = SHA256()
        for text in texts { hash.update(data: Array("\(text.utf8.count):\(text)".utf8)) }
        let bytes = Array(hash.finalize())
        return (0..<4).map { word in bytes[word * 8..<word * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) } }
    }

    /// A text for all that a role grants.
    static func text(of grants: [RoleDefinition.Grant]) -> String {
        let texts = grants.map { "\($0.pattern) \($0.scope.rawValue)" }.sorted()
        return words(of: texts).map { String($0, radix: 16) }.joined(separator: "-")
    }
}
