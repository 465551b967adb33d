package import HostModel

/// The business that a request says it is for, before anything of it was verified.
///
/// For choosing between versions of the same code, each of which verifies the token itself. It gives no rights and
/// must never be taken for the business of a ``Principal``.
package enum ClaimedBusiness {
    private static let scheme = "bearer "

    /// Reads the claim of a bearer token in an `Authorization` field; nil for anything else.
    package static func read(_ authorization: String) -> BusinessID? {
        let text = authorization.utf8
        guard text.count <= scheme.utf8.count + AccessTokenHeader.tokenBytesMax,
            text.prefix(scheme.utf8.count).elementsEqual(scheme.utf8, by: { $0 | 0x20 == $1 })
        else { return nil }
        let parts = text.dropFirst(scheme.utf8.count)
            .split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Base64URL.decode(parts[1]) else { return nil }
        return (try? JSONParser.parse(payload))?["bid"]?.string.flatMap { BusinessID($0) }
    }
}
