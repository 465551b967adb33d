import HostModel

/// The protected header of a token, accepted: our type, our algorithm, a key id, and nothing that names another key.
///
/// Read strictly and before any cryptography (RFC 8725 sections 3.1, 3.10 and 3.11).
struct AccessTokenHeader {
    static let type = "at+jwt"
    static let algorithm = "EdDSA"
    /// Our own tokens are about 600 bytes.
    static let tokenBytesMax = 4_096

    /// Members that would have the verifier take a key or an extension from the token itself. A token of ours has none
    /// of them, so one that does is refused rather than read without them.
    private static let foreign = ["jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64"]

    let keyID: String

    /// Nil for any token that we can't have issued.
    init?(token: String) {
        guard token.utf8.count <= Self.tokenBytesMax else { return nil }
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        let decoded = parts.compactMap { Base64URL.decode($0) }
        guard decoded.count == 3, decoded[2].count == 64, let header = try? JSONParser.parse(decoded[0]).object else {
            return nil
        }
        guard header["typ"]?.string == Self.type, header["alg"]?.string == Self.algorithm else { return nil }
        guard let keyID = header["kid"]?.string, Self.foreign.allSatisfy({ header[$0] == nil }) else { return nil }
        self.keyID = keyID
    }
}
