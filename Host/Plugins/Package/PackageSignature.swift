import Crypto
import HostModel

/// Who vouches for a package: its file `index.sig`, `{"key":"acme-2026","signature":"…"}`, over the bytes of the index.
package struct PackageSignature: Hashable, Sendable {
    package static let name = "index.sig"
    static let bytesMax = 1_024
    private static let signatureBytes = 64

    /// The name that the operator's list of trusted keys has for the key.
    package let key: String
    /// Ed25519 (RFC 8032).
    let signature: [UInt8]

    package var bytes: [UInt8] {
        JSONValue.object(["key": .string(key), "signature": .string(Base64URL.encode(signature))]).utf8
    }

    init(key: String, signature: [UInt8]) {
        self.key = key
        self.signature = signature
    }

    init(parsing bytes: [UInt8], of package: String) throws(PluginRefusal) {
        guard bytes.count <= Self.bytesMax, let json = try? JSONParser.parse(bytes), let key = json["key"]?.string,
            let signature = json["signature"]?.string.flatMap({ Base64URL.decode($0.utf8) }),
            signature.count == Self.signatureBytes
        else { throw PluginRefusal(.badSignature, plugin: package, "\(Self.name) can't be read.") }
        self.init(key: key, signature: signature)
    }

    func isValid(for index: [UInt8], by publicKey: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: index)
    }
}

/// A publisher's key, kept in a file that only its owner may read.
package struct PublisherKey: Sendable {
    package let name: String
    private let key: Curve25519.Signing.PrivateKey

    package static func generate(named name: String) -> PublisherKey { PublisherKey(name: name, key: .init()) }

    private init(name: String, key: Curve25519.Signing.PrivateKey) {
        self.name = name
        self.key = key
    }

    /// Reads what ``serialised`` wrote; nil for anything else.
    package init?(parsing bytes: [UInt8]) {
        guard let json = try? JSONParser.parse(bytes), let name = json["name"]?.string,
            let raw = json["private"]?.string.flatMap({ Base64URL.decode($0.utf8) }),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: raw)
        else { return nil }
        self.init(name: name, key: key)
    }

    package var serialised: [UInt8] {
        JSONValue.object([
            "name": .string(name), "private": .string(Base64URL.encode(Array(key.rawRepresentation))),
        ]).utf8
    }

    /// What `trust.yaml` has as `key`.
    package var publicText: String { Base64URL.encode(Array(key.publicKey.rawRepresentation)) }

    /// - Throws: What the cryptography says; it doesn't for a key that could be read.
    package func sign(_ index: PackageIndex) throws -> PackageSignature {
        PackageSignature(key: name, signature: Array(try key.signature(for: index.bytes)))
    }
}
