import HostManifest
import HostModel
import Testing

struct TrustParserTests {
    private static let text = String(repeating: "A", count: 43)

    private func parse(_ yaml: String) throws -> TrustList {
        try TrustParser.parse(yaml: yaml, file: "trust.yaml")
    }

    @Test func `keys are read with the plugins that they may sign`() throws {
        let trust = try parse(
            "keys:\n  acme-2026: {key: \"\(Self.text)\", plugins: [hs]}\n  home: {key: \"\(Self.text)\"}\n")
        #expect(!trust.allowsUnsigned)
        #expect(trust["acme-2026"]?.plugins == [try #require(PluginID("hs"))])
        #expect(trust["acme-2026"]?.publicKey == Array(repeating: 0, count: 32))
        #expect(trust["home"]?.plugins == nil)
        #expect(trust["other"] == nil)
    }

    @Test func `unsigned code is refused unless the file says otherwise`() throws {
        #expect(try parse("unsigned: allowed").allowsUnsigned)
        #expect(try !parse("unsigned: refused").allowsUnsigned)
        #expect(try !parse("keys: {}").allowsUnsigned)
    }

    @Test(arguments: [
        ("unsigned: yes", "trust.yaml:1:11"), ("unsigned: true", "trust.yaml:1:11"),
        ("unsinged: allowed", "did you mean `unsigned`"), ("keys: [a]", "must be a map"),
        ("keys:\n  acme: {key: \"short\"}", "trust.yaml:2:15"), ("keys:\n  acme: {}", "needs the key `key`"),
        ("keys:\n  acme: {key: \"\(text)\", plugins: [HS]}", "ids of plugins"), ("", "trust.yaml"),
        ("keys: &a {}", "TM1004"),
    ]) func `what makes no sense is refused with its place`(yaml: String, part: String) throws {
        let invalid = try #require(throws: InvalidManifest.self) { try parse(yaml) }
        #expect(invalid.description.contains(part), "\(invalid)")
    }
}
