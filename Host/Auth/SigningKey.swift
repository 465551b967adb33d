import Crypto
import HostModel

/// An Ed25519 key (RFC 8032) with its id.
package struct SigningKey: Sendable {
    /// The RFC 7638 thumbprint of the public half: 43 characters of base64url.
    package let id: String
    let privateKey: Curve25519.Signing.PrivateKey

    package static func generate() -> SigningKey { SigningKey(Curve25519.Signing.PrivateKey()) }

    init(_ privateKey: Curve25519.Signing.PrivateKey) {
        self.privateKey = privateKey
        id = Self.thumbprint(x: Base64URL.encode(privateKey.publicKey.rawRepresentation))
    }

    init(privateJWK jwk: JSONValue) throws(SigningKeyError) {
        guard jwk["kty"]?.string == "OKP", jwk["crv"]?.string == "Ed25519",
            let bytes = jwk["d"]?.string.flatMap({ Base64URL.decode($0.utf8) }),
            let privateKey = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
        else { throw .notEd25519 }
        self.init(privateKey)
        guard jwk["x"]?.string == x, jwk["kid"]?.string == id else { throw .mismatch }
    }

    private var x: String { Base64URL.encode(privateKey.publicKey.rawRepresentation) }

    /// RFC 8037 section 2.
    var publicJWK: JSONValue {
        .object(["kty": "OKP", "crv": "Ed25519", "x": .string(x), "kid": .string(id), "use": "sig", "alg": "EdDSA"])
    }

    var privateJWK: JSONValue {
        .object([
            "kty": "OKP", "crv": "Ed25519", "x": .string(x), "kid": .string(id),
            "d": .string(Base64URL.encode(privateKey.rawRepresentation)),
        ])
    }

    /// The required members in alphabetical order, without white space (RFC 7638 section 3).
    static func thumbprint(x: String) -> String {
        let members: JSONValue = .object(["crv": "Ed25519", "kty": "OKP", "x": .string(x)])
        return Base64URL.encode(Array(SHA256.hash(data: members.utf8)))
    }
}
