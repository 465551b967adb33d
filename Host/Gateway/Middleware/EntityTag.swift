import HostModel

/// A record's version as an entity tag: `"7"` (RFC 9110 section 8.8.3).
enum EntityTag {
    static func field(version: Int64) -> HTTPResponse.Field { .init("ETag", "\"\(version)\"") }

    /// The version that `If-Match` asks for.
    ///
    /// - Throws: `precondition_required` without the header or with `*`, which names no version;
    ///   `version_conflict` for a tag that no version has.
    static func version(ifMatch: String?) throws(Problem) -> Int64 {
        guard let ifMatch, ifMatch != "*" else {
            throw Problem(.preconditionRequired, "Send the ETag of the record that you read in `If-Match`.")
        }
        guard ifMatch.utf8.count > 2, ifMatch.hasPrefix("\""), ifMatch.hasSuffix("\""),
            let version = Int64(ifMatch.dropFirst().dropLast()), version > 0,
            // Tags are compared byte for byte: `"01"` and `"+1"` were never given out.
            ifMatch == "\"\(version)\""
        else {
            throw Problem(.versionConflict, "The value of `If-Match` is not an ETag of this record.")
        }
        return version
    }
}
