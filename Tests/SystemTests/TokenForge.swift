import Crypto
import Foundation
import HostModel
import Testing

/// Makes access tokens that differ from a real one in one thing, signed with the server's own key or not at all.
struct TokenForge {
    private let key: Curve25519.Signing.PrivateKey
    private let header: JSONValue
    private let payload: JSONValue

    /// Takes a real token apart; the key comes from the server's data folder.
    init(token: String, dataFolder: URL) throws {
        let file = try Data(contentsOf: dataFolder.appending(path: "signing-keys.json"))
        let keys = try JSONParser.parse(Array(file))
        let secret = try #require(keys["keys"]?[0]?["d"]?.string.flatMap(Self.decode))
        key = try Curve25519.Signing.PrivateKey(rawRepresentation: secret)
        let parts = token.split(separator: ".").map(String.init)
        header = try JSONParser.parse(Array(try #require(Self.decode(parts[0]))))
        payload = try JSONParser.parse(Array(try #require(Self.decode(parts[1]))))
    }

    /// The token with other claims and header members, rightly signed.
    func signed(claims: [String: JSONValue] = [:], header changes: [String: JSONValue] = [:]) throws -> String {
        let text = Self.encode(merged(header, changes)) + "." + Self.encode(merged(payload, claims))
        return text + "." + Self.encode(try key.signature(for: Data(text.utf8)))
    }

    /// The token with `alg: none` and an empty signature.
    func unsigned() -> String {
        Self.encode(merged(header, ["alg": "none"])) + "." + Self.encode(payload) + "."
    }

    private func merged(_ value: JSONValue, _ changes: [String: JSONValue]) -> JSONValue {
        guard var object = value.object else { return value }
        for (name, value) in changes { object[name] = value }
        return .object(object)
    }

    private static func encode(_ value: JSONValue) -> String { encode(Data(value.utf8)) }

    private static func encode(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func decode(_ text: String) -> Data? {
        let padded = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: padded + String(repeating: "=", count: (4 - padded.count % 4) % 4))
    }
}
