import HostModel

/// Entity tags (RFC 9110 section 8.8.3): a record's version, `"7"`, where it was written; the version and a digest of
/// the answer, `"7.x5Vd0aQw_1k"`, where it was read; the digest alone for lists.
///
/// The version alone wouldn't do for what was read: lines, included records, possible actions and what a role sees
/// change without it.
enum EntityTag {
    static let name = "ETag"

    static func field(version: Int64) -> HTTPResponse.Field { .init("ETag", "\"\(version)\"") }

    /// - Parameter tag: The version's, as ``field(version:)`` made it; nil for what has none.
    static func field(_ tag: String?, _ digest: BodyDigest) -> HTTPResponse.Field {
        .init("ETag", tag.map { "\($0.dropLast()).\(digest.text)\"" } ?? "\"\(digest.text)\"")
    }

    /// The version that `If-Match` asks for.
    ///
    /// - Throws: `precondition_required` without the header or with `*`, which names no version;
    ///   `version_conflict` for a tag that no version has.
    static func version(ifMatch: String?) throws(Problem) -> Int64 {
        guard let ifMatch, ifMatch != "*" else {
            throw Problem(.preconditionRequired, "Send the ETag of the record that you read in `If-Match`.")
        }
        guard ifMatch.utf8.count > 2, ifMatch.hasPrefix("\""), ifMatch.hasSuffix("\"") else { throw .noTag }
        let parts = ifMatch.dropFirst().dropLast().split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 1 || (parts.count == 2 && isDigest(parts[1])), let version = Int64(parts[0]), version > 0,
            // Tags are compared byte for byte: `"01"` and `"+1"` were never given out.
            parts[0] == "\(version)"
        else { throw .noTag }
        return version
    }

    private static func isDigest(_ text: Substring) -> Bool {
        text.utf8.count == 11 && Base64URL.decode(text.utf8) != nil
    }

    /// Whether a list of tags, or `*`, names this one. A weak comparison (section 13.1.2): proxies may weaken tags.
    ///
    /// Tags of ours have neither quotes nor commas in them, so the quoted text can be looked for as it is.
    static func matches(_ known: String, _ tag: String) -> Bool { known == "*" || known.contains(tag) }
}

extension Problem {
    fileprivate static let noTag = Problem(
        .versionConflict, "The value of `If-Match` is not an ETag of this record.")
}
