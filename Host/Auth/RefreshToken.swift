import Crypto
import HostModel

/// A secret that buys one new access token: `rt_` and 43 characters of base64url (256 random bits).
///
/// The client holds the text, the database its digest only. With 256 random bits a plain SHA-256 is enough: there is
/// nothing to guess, so nothing to slow down.
package struct RefreshToken: Hashable, Sendable, CustomStringConvertible {
    /// What the client sends. Never logged.
    package let text: String

    private static let prefix = "rt_"
    private static let byteCount = 32

    /// A new one.
    package static func make(using generator: inout some RandomNumberGenerator) -> RefreshToken {
        let bytes = (0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return RefreshToken(text: prefix + Base64URL.encode(bytes))
    }

    package static func make() -> RefreshToken {
        var generator = SystemRandomNumberGenerator()
        return make(using: &generator)
    }

    /// Takes the exact form only; anything else gives nil before the database is asked.
    package init?(parsing text: String) {
        guard text.hasPrefix(Self.prefix),
            let bytes = Base64URL.decode(text.utf8.dropFirst(Self.prefix.utf8.count)), bytes.count == Self.byteCount
        else { return nil }
        self.text = text
    }

    private init(text: String) {
        self.text = text
    }

    /// SHA-256 of the text, 32 bytes: what is stored and searched for.
    package var digest: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    package var description: String { "RefreshToken" }
}
