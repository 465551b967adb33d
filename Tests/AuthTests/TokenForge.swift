import Crypto
import Foundation
import HostAuth
import HostModel

/// Makes tokens that the issuer never would, with a signature that is right for the key.
struct TokenForge {
    var header: [String: String]
    var claims: [String: Any]
    private let key: Curve25519.Signing.PrivateKey

    /// Signs with the current key of the set: what a forger could do who had it, or another system that shares it.
    init(keys: SigningKeys, policy: AccessTokenPolicy, at now: Timestamp) throws {
        guard let jwk = try JSONParser.parse(keys.serialised)["keys"]?[0], let secret = jwk["d"]?.string,
            let bytes = Self.decode(secret)
        else { throw ForgeError.noKey }
        key = try Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
        header = ["typ": "at+jwt", "alg": "EdDSA", "kid": keys.current.id]
        claims = [
            "iss": policy.issuer, "aud": policy.audience, "iat": now.seconds, "nbf": now.seconds,
            "exp": now.seconds + 900, "jti": UUID().uuidString, "sub": UUID().uuidString, "sid": UUID().uuidString,
            "bid": UUID().uuidString,
        ]
    }

    var publicKey: Data { key.publicKey.rawRepresentation }

    func token() throws -> String {
        let text = try signingInput()
        return text + "." + Self.encode(try key.signature(for: Data(text.utf8)))
    }

    /// HMAC under the public key's bytes, the classic confusion of algorithms (RFC 8725 section 2.1).
    func tokenWithHMAC() throws -> String {
        let text = try signingInput()
        let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: publicKey))
        return text + "." + Self.encode(Data(code))
    }

    func signingInput() throws -> String {
        Self.encode(try JSONSerialization.data(withJSONObject: header)) + "."
            + Self.encode(try JSONSerialization.data(withJSONObject: claims))
    }

    static func encode(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func decode(_ text: String) -> Data? {
        Data(base64Encoded: text.replacing("-", with: "+").replacing("_", with: "/") + "=")
    }
}

enum ForgeError: Error {
    case noKey
}
