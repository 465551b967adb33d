import HostModel
import Testing

struct JSONParserTests {
    @Test(arguments: [
        "null", "true", "[]", "{}", "[1,-2,0,9223372036854775807,-9223372036854775808]",
        #"{"a":{"b":[1,"x",null]},"c":false}"#, #""\"\\ü€😀""#, "[1.5]",
    ]) func `what is written is what was read`(text: String) throws {
        #expect(try JSONParser.parse(Array(text.utf8)).text == text)
    }

    @Test func `members keep their order`() throws {
        let value = try JSONParser.parse(Array(#"{"z":1,"a":2}"#.utf8))
        #expect(value.object?.names == ["z", "a"])
        #expect(value == ["a": 2, "z": 1])
    }

    @Test(arguments: [
        ("", JSONParser.Failure.Reason.syntax, 0), ("[1,]", .syntax, 3), ("01", .syntax, 2), ("1.", .syntax, 2),
        ("-", .syntax, 1), ("+1", .syntax, 0), ("nul", .syntax, 0), ("[1] 2", .syntax, 4), ("{a:1}", .syntax, 1),
        ("'a'", .syntax, 0), ("NaN", .syntax, 0), ("[1 /*c*/]", .syntax, 3), ("\"a\nb\"", .syntax, 2),
        ("\"a", .syntax, 2), (#""\x""#, .syntax, 3), (#"{"a":1,"a":2}"#, .duplicateName, 7),
        (#"{"a":1,"\u0061":2}"#, .duplicateName, 7), ("9223372036854775808", .numberOutOfRange, 0),
        ("1e999", .numberOutOfRange, 0),
    ]) func `what RFC 8259 or the gate forbids is refused`(
        text: String, reason: JSONParser.Failure.Reason, offset: Int
    ) throws {
        let failure = try #require(throws: JSONParser.Failure.self) { try JSONParser.parse(Array(text.utf8)) }
        #expect(failure.reason == reason)
        #expect(failure.offset == offset)
    }

    @Test(
        arguments: [
            [0x22, 0xC3, 0x28, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xFF, 0x22],
        ] as [[UInt8]]) func `bytes that aren't UTF-8 are refused`(text: [UInt8]) throws
    {
        let failure = try #require(throws: JSONParser.Failure.self) { try JSONParser.parse(text) }
        #expect(failure.reason == .notUTF8)
    }

    @Test(arguments: [#""\ud83d\ude00""#, #""\u00e9""#]) func `escapes become characters`(text: String) throws {
        let string = try #require(try JSONParser.parse(Array(text.utf8)).string)
        #expect(["😀", "é"].contains(string))
    }

    @Test(arguments: [#""\ud83d""#, #""\ude00""#, #""\ud83dx""#, #""\ud83d\u0041""#])
    func `half a surrogate pair is refused`(text: String) throws {
        let failure = try #require(throws: JSONParser.Failure.self) { try JSONParser.parse(Array(text.utf8)) }
        #expect(failure.reason == .notUTF8)
    }

    @Test func `the null character is refused, because PostgreSQL stores none`() {
        #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(Array(#""\u0000""#.utf8)) }
    }

    @Test func `depth has a limit`() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array(repeating: UInt8(ascii: "["), count: depth) + Array(repeating: UInt8(ascii: "]"), count: depth)
        }
        _ = try JSONParser.parse(nested(JSONParser.depthMax))
        let failure = try #require(throws: JSONParser.Failure.self) { try JSONParser.parse(nested(100_000)) }
        #expect(failure.reason == .tooDeep)
    }

    @Test func `control characters are escaped`() {
        #expect(JSONValue.string("\u{1}\n\t\r\u{1F}").text == #""\u0001\n\t\r\u001f""#)
    }
}
