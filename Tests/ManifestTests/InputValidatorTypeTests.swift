import HostManifest
import HostModel
import Testing

/// A value, its field's type, and the fault that it has.
struct RefusedValue: Sendable, CustomTestStringConvertible {
    let type: FieldType
    let value: JSONValue
    let fault: String

    init(_ type: FieldType, _ value: JSONValue, _ fault: String) {
        self.type = type
        self.value = value
        self.fault = fault
    }

    var testDescription: String { "\(type.keyword) \(value.text) \(fault)" }
}

/// A value, its field's type, and what is stored.
struct AcceptedValue: Sendable, CustomTestStringConvertible {
    let type: FieldType
    let value: JSONValue
    let stored: JSONValue

    init(_ type: FieldType, _ value: JSONValue, as stored: JSONValue? = nil) {
        self.type = type
        self.value = value
        self.stored = stored ?? value
    }

    var testDescription: String { "\(type.keyword) \(value.text)" }
}

struct InputValidatorTypeTests {
    private static let reference = FieldType.reference(EntityReference(plugin: .sample, name: "party"))
    private static let code = FieldType.text(min: 1, max: 20, pattern: "[A-Z]+|[0-9]+")
    private static let short = FieldType.text(min: 2, max: 4, pattern: nil)
    private static let free = FieldType.text(min: 0, max: 4, pattern: nil)
    private static let number = FieldType.int(min: -5, max: 5)
    private static let colours = FieldType.enumerationSet(["red", "green"])
    private static let id = "0197a3c0-0000-7000-8000-0000000000ab"

    static let accepted: [AcceptedValue] =
        [
            AcceptedValue(short, "ab"), AcceptedValue(short, "🇩🇪ab"), AcceptedValue(free, ""), AcceptedValue(free, " "),
            AcceptedValue(code, "ABC"), AcceptedValue(code, "123"),
            AcceptedValue(.email, "Ada@Example.com"), AcceptedValue(.phone, "+14155550100"),
            AcceptedValue(.bool, true), AcceptedValue(.bool, false),
            AcceptedValue(number, -5), AcceptedValue(number, 5),
            AcceptedValue(.money(min: 0, max: .max), .int(.max)), AcceptedValue(.quantity(min: 0, max: 1_000), 1_000),
            AcceptedValue(.rate, 0), AcceptedValue(.rate, 10_000_000),
            AcceptedValue(.enumeration(["red", "green"]), "red"),
            AcceptedValue(colours, []), AcceptedValue(colours, ["green", "red"]),
            AcceptedValue(.date, "2024-02-29"),
            AcceptedValue(.timestamp, "2026-11-22T15:00:00+05:30", as: "2026-11-22T09:30:00.000000Z"),
            AcceptedValue(.timeZone, "America/Chicago"), AcceptedValue(.timeZone, "Asia/Kolkata"),
            AcceptedValue(.timeZone, "UTC"),
            AcceptedValue(.uuid, .string(id.uppercased()), as: .string(id)),
            AcceptedValue(reference, .string(id)),
            AcceptedValue(.json, [:]), AcceptedValue(.json, ["a": [1, .double(2.5), nil]]),
            AcceptedValue(.currency, "EUR"), AcceptedValue(.country, "DE"),
            AcceptedValue(.sequence(prefix: "A-"), "A-000001"),
        ]
        + NewerTypes.accepted

    static let refused: [RefusedValue] =
        [
            RefusedValue(short, 5, "type"), RefusedValue(short, ["ab"], "type"), RefusedValue(short, "a", "min"),
            RefusedValue(short, "abcde", "max"), RefusedValue(short, "🇩🇪🇩🇪a", "max"), RefusedValue(short, "", "blank"),
            RefusedValue(short, " \u{2003} ", "blank"), RefusedValue(free, "a\u{0}b", "format"),
            RefusedValue(code, "ABC1", "pattern"), RefusedValue(code, "ABC\n", "pattern"),
            RefusedValue(code, "1A", "pattern"),
            RefusedValue(.email, "ada", "format"), RefusedValue(.email, "a@b@c", "format"),
            RefusedValue(.email, "@b", "format"), RefusedValue(.email, "a@", "format"),
            RefusedValue(.email, "a b@c", "format"), RefusedValue(.email, true, "type"),
            RefusedValue(.email, .string(String(repeating: "a", count: 319) + "@b"), "format"),
            RefusedValue(.phone, "14155550100", "format"), RefusedValue(.phone, "+1234567", "format"),
            RefusedValue(.phone, "+1234567890123456", "format"), RefusedValue(.phone, "+1 415 555 0100", "format"),
            RefusedValue(.bool, "true", "type"), RefusedValue(.bool, 1, "type"),
            RefusedValue(number, -6, "min"), RefusedValue(number, 6, "max"), RefusedValue(number, .double(1), "type"),
            RefusedValue(number, "1", "type"), RefusedValue(number, true, "type"),
            RefusedValue(.money(min: 0, max: 9), -1, "min"), RefusedValue(.quantity(min: 0, max: 9), 10, "max"),
            RefusedValue(.rate, -1, "min"), RefusedValue(.rate, 10_000_001, "max"),
            RefusedValue(.enumeration(["red"]), "Red", "enum"), RefusedValue(.enumeration(["red"]), 1, "type"),
            RefusedValue(.date, "2026-02-29", "format"), RefusedValue(.date, "22.11.2026", "format"),
            RefusedValue(.timestamp, "2026-11-22T15:00:00", "format"), RefusedValue(.timestamp, 1_795_339_800, "type"),
            RefusedValue(.timeZone, "Mars/Olympus", "format"), RefusedValue(.timeZone, "EST", "format"),
            RefusedValue(.timeZone, "../UTC", "format"), RefusedValue(.timeZone, "", "format"),
            RefusedValue(.uuid, "0197a3c0", "format"), RefusedValue(.uuid, .string("{\(id)}"), "format"),
            RefusedValue(.json, [], "type"), RefusedValue(.json, "{}", "type"),
            RefusedValue(.json, ["a": ["b\u{0}"]], "format"), RefusedValue(.json, ["a": ["b\u{0}": 1]], "format"),
            RefusedValue(.json, ["a": .string(String(repeating: "x", count: 65_536))], "max"),
            RefusedValue(.currency, "eur", "format"), RefusedValue(.currency, "XXX", "format"),
            RefusedValue(.currency, "\u{212A}RW", "format"), RefusedValue(.country, "UK", "format"),
            RefusedValue(.sequence(prefix: "A-"), "", "blank"),
            RefusedValue(colours, "red", "type"),
            RefusedValue(.list(of: [], max: 1), "red", "type"), RefusedValue(.list(of: [], max: 1), [[:], [:]], "max"),
        ]
        + NewerTypes.refused

    @Test(arguments: accepted)
    func `a value of its type is taken`(_ example: AcceptedValue) throws {
        let field = Field("value", example.type)
        let values = try InputValidator.input([field], [field.column: example.value])
        #expect(values == ["value": example.stored])
    }

    @Test(arguments: refused)
    func `a value that breaks a rule is refused`(_ example: RefusedValue) throws {
        let field = Field("value", example.type)
        let problem = try #require(throws: Problem.self) {
            try InputValidator.patch([field], [field.column: example.value])
        }
        #expect(problem.found == ["/\(field.column) \(example.fault)"])
    }

    @Test func `a reference is refused where it isn't an id`() throws {
        let field = Field("party", Self.reference)
        let problem = try #require(throws: Problem.self) { try InputValidator.input([field], ["party_id": "x"]) }
        #expect(problem.found == ["/party_id format"])
    }

    @Test func `each wrong member of a set is a fault`() throws {
        let field = Field("value", Self.colours)
        let problem = try #require(throws: Problem.self) {
            try InputValidator.input([field], ["value": ["red", "blue", 5, "red", nil]])
        }
        #expect(problem.found == ["/value/1 enum", "/value/2 type", "/value/3 duplicate", "/value/4 type"])
    }

    @Test func `an external id has 200 characters at most`() throws {
        let longest = String(repeating: "x", count: 200)
        let values = try InputValidator.patch([], ["external_id": .string(longest)])
        #expect(values == ["external_id": .string(longest)])
        let problem = try #require(throws: Problem.self) {
            try InputValidator.patch([], ["external_id": .string(longest + "x")])
        }
        #expect(problem.found == ["/external_id max"])
    }
}
