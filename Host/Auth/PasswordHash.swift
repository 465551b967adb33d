import Crypto
import CryptoExtras
import Foundation
import HostModel

/// A stored password: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`, salt and hash in base64url.
///
/// It names its own cost, so that the cost can rise while old hashes still verify.
package struct PasswordHash: Hashable, Sendable, LosslessStringConvertible {
    package let cost: ScryptCost
    private let salt: [UInt8]
    private let hash: [UInt8]

    private static let saltByteCount = 16
    private static let hashByteCount = 32

    package init?(_ description: String) {
        let parts = description.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt", let cost = ScryptCost(parsing: parts[2]),
            let salt = Base64URL.decode(parts[3].utf8), salt.count == Self.saltByteCount,
            let hash = Base64URL.decode(parts[4].utf8), hash.count == Self.hashByteCount
        else { return nil }
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    package var description: String {
        "$scrypt$\(cost.parameters)$\(Base64URL.encode(salt))$\(Base64URL.encode(hash))"
    }

    /// Hashes with a fresh salt. Blocks for about 0.3 s: ``PasswordHasher`` has the threads for it.
    init(hashing password: String, cost: ScryptCost) throws {
        self.cost = cost
        salt = Self.randomBytes(Self.saltByteCount)
        hash = try Self.derive(password, salt: salt, cost: cost)
    }

    /// Random bytes in the form of a hash: no known password verifies, checking one takes as long as any other.
    init(decoyOf cost: ScryptCost) {
        self.cost = cost
        salt = Self.randomBytes(Self.saltByteCount)
        hash = Self.randomBytes(Self.hashByteCount)
    }

    /// Whether the password is the one; compares in constant time. Blocks like the initialiser.
    func verifies(_ password: String) throws -> Bool {
        let candidate = SymmetricKey(data: try Self.derive(password, salt: salt, cost: cost))
        return candidate == SymmetricKey(data: hash)
    }

    private static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// scrypt (RFC 7914) over the password in Unicode form C, so that two keyboards that spell é differently agree.
    ///
    /// An empty password is replaced by a zero byte, which no password has: the library takes no empty buffer.
    private static func derive(_ password: String, salt: [UInt8], cost: ScryptCost) throws -> [UInt8] {
        let text = Array(password.precomposedStringWithCanonicalMapping.utf8)
        let key = try KDF.Scrypt.deriveKey(
            from: text.isEmpty ? [0] : text, salt: salt, outputByteCount: hashByteCount, rounds: 1 << cost.logN,
            blockSize: cost.r, parallelism: cost.p)
        // Sound: the closure copies the bytes before the key's buffer ends.
        return unsafe key.withUnsafeBytes { bytes in unsafe Array(bytes) }
    }
}
