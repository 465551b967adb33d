package import HostModel

/// The key that signs access tokens and the one before it, whose tokens stay good until they expire.
package struct SigningKeys: Sendable {
    package let current: SigningKey
    package let previous: SigningKey?

    package init(current: SigningKey, previous: SigningKey? = nil) {
        self.current = current
        self.previous = previous
    }

    /// A first set.
    package static func generate() -> SigningKeys { SigningKeys(current: .generate()) }

    /// The set after a rotation. Rotate no more often than once in a token's lifetime: only one old key is kept.
    package func rotated() -> SigningKeys { SigningKeys(current: .generate(), previous: current) }

    /// The current key first.
    var all: [SigningKey] { [current] + (previous.map { [$0] } ?? []) }

    func key(_ id: String) -> SigningKey? { all.first { $0.id == id } }

    /// The public halves as a JWK Set (RFC 7517 section 5), for `/.well-known/jwks.json`.
    package var jwks: JSONValue { .object(["keys": .array(all.map(\.publicJWK))]) }

    /// The private keys as a JWK Set, the current one first. The file that holds it is readable by its owner only.
    package var serialised: [UInt8] { JSONValue.object(["keys": .array(all.map(\.privateJWK))]).utf8 }

    /// Reads what ``serialised`` wrote.
    ///
    /// - Throws: ``SigningKeyError`` that says what is wrong, without any of the key's bytes.
    package init(parsing bytes: [UInt8]) throws(SigningKeyError) {
        guard let keys = try? JSONParser.parse(bytes)["keys"]?.array else { throw .notAKeySet }
        guard (1...2).contains(keys.count) else { throw .wrongCount(keys.count) }
        current = try SigningKey(privateJWK: keys[0])
        previous = keys.count == 2 ? try SigningKey(privateJWK: keys[1]) : nil
    }
}

/// Why a key file can't be used.
package enum SigningKeyError: Error, Hashable, Sendable {
    /// Not JSON, or without the member `keys`.
    case notAKeySet
    /// One or two keys are expected.
    case wrongCount(Int)
    /// Not an Ed25519 private key of 32 bytes.
    case notEd25519
    /// The public half or the id doesn't belong to the private half: the file was edited or damaged.
    case mismatch
}
