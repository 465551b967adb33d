import HostAuth
import HostModel
import Testing

struct SigningKeysTests {
    @Test func `the id of a key is its published thumbprint`() throws {
        let keys = try SigningKeys(parsing: Self.file())
        #expect(keys.current.id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    }

    @Test func `the public set has no private half`() throws {
        let keys = try SigningKeys(parsing: Self.file()).rotated()
        let published = try #require(keys.jwks["keys"]?.array)
        #expect(published.count == 2)
        #expect(published.allSatisfy { $0["d"] == nil && $0["kty"] == "OKP" && $0["crv"] == "Ed25519" })
        #expect(published[1]["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
    }

    @Test func `the serialised keys read back`() throws {
        let keys = SigningKeys.generate().rotated()
        let read = try SigningKeys(parsing: keys.serialised)
        #expect(read.current.id == keys.current.id)
        #expect(read.previous?.id == keys.previous?.id)
        #expect(read.serialised == keys.serialised)
    }

    @Test func `a rotation keeps the key before, and no more`() {
        let first = SigningKeys.generate()
        let third = first.rotated().rotated()
        #expect(third.previous?.id != first.current.id)
        #expect(third.current.id != third.previous?.id)
    }

    @Test func `a damaged file is refused with what is wrong`() {
        #expect(throws: SigningKeyError.notAKeySet) { try SigningKeys(parsing: Array("keys".utf8)) }
        #expect(throws: SigningKeyError.wrongCount(0)) { try SigningKeys(parsing: Array(#"{"keys":[]}"#.utf8)) }
        #expect(throws: SigningKeyError.notEd25519) { try SigningKeys(parsing: Self.file(d: "AAAA")) }
        #expect(throws: SigningKeyError.notEd25519) { try SigningKeys(parsing: Self.file(curve: "X25519")) }
        #expect(throws: SigningKeyError.mismatch) { try SigningKeys(parsing: Self.file(id: "other")) }
    }

    /// The key of RFC 8037 appendix A, as a file of ours.
    static func file(
        d: String = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", curve: String = "Ed25519",
        id: String = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    ) -> [UInt8] {
        JSONValue.object([
            "keys": [
                .object([
                    "kty": "OKP", "crv": .string(curve), "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                    "kid": .string(id), "d": .string(d),
                ])
            ]
        ]).utf8
    }
}
