import HostManifest
import HostModel
import Testing

/// Examples of web addresses, durations, periods, places and lists of texts; `InputValidatorTypeTests` runs them.
enum NewerTypes {
    private static let time = FieldType.duration(min: 60, max: 7_200)
    private static let anyTime = FieldType.duration(
        min: WholeSeconds.bounds.lowerBound, max: WholeSeconds.bounds.upperBound)
    private static let tags = FieldType.texts(min: 1, max: 2, itemMax: 3)

    static let accepted: [AcceptedValue] = [
        AcceptedValue(.url, "https://example.com"), AcceptedValue(.url, "HTTP://[2001:db8::1]:8080/a?b#c"),
        AcceptedValue(.url, "https://xn--bcher-kva.example/%C3%A4"), AcceptedValue(.url, "http://localhost:1/"),
        AcceptedValue(time, "PT1M"), AcceptedValue(time, "PT120M", as: "PT2H"),
        AcceptedValue(time, "PT90S", as: "PT1M30S"),
        AcceptedValue(anyTime, "PT0S"), AcceptedValue(anyTime, "P1W2DT3H4M5S", as: "PT219H4M5S"),
        AcceptedValue(
            .period(isOpen: false), ["from": "2026-01-01T00:00:00+01:00", "to": "2026-01-01T00:00:00Z"],
            as: ["from": "2025-12-31T23:00:00.000000Z", "to": "2026-01-01T00:00:00.000000Z"]),
        AcceptedValue(.period(isOpen: true), [:], as: ["from": nil, "to": nil]),
        AcceptedValue(
            .period(isOpen: true), ["to": "2026-01-01T00:00:00Z"],
            as: ["from": nil, "to": "2026-01-01T00:00:00.000000Z"]),
        AcceptedValue(.geo, ["lat": 90, "lng": -180]),
        AcceptedValue(
            .geo, ["lng": .double(-87.6231774), "lat": .double(0.1234565001)],
            as: ["lat": .double(0.123457), "lng": .double(-87.623177)]),
        AcceptedValue(.geo, ["lat": .double(-0.0000001), "lng": .double(5.0)], as: ["lat": 0, "lng": 5]),
        AcceptedValue(tags, ["a", "abc"]), AcceptedValue(tags, ["a", "a"]),
    ]

    static let refused: [RefusedValue] = [
        RefusedValue(.url, "ftp://example.com", "format"), RefusedValue(.url, "https://", "format"),
        RefusedValue(.url, "https:///path", "format"), RefusedValue(.url, "example.com", "format"),
        RefusedValue(.url, "https://user:secret@example.com", "format"),
        RefusedValue(.url, "https://exa mple.com", "format"),
        RefusedValue(.url, "https://bücher.example", "format"), RefusedValue(.url, "https://a..b", "format"),
        RefusedValue(.url, "https://example.com:0", "format"),
        RefusedValue(.url, "https://example.com:65536", "format"),
        RefusedValue(.url, "https://[::1", "format"), RefusedValue(.url, "javascript:alert(1)", "format"),
        RefusedValue(.url, .string("https://example.com/" + String(repeating: "a", count: 2_029)), "max"),
        RefusedValue(time, "PT59S", "min"), RefusedValue(time, "PT2H1S", "max"), RefusedValue(time, 60, "type"),
        RefusedValue(time, "P1Y", "format"), RefusedValue(time, "P1M", "format"),
        RefusedValue(time, "PT1.5H", "format"),
        RefusedValue(time, "P", "format"), RefusedValue(time, "PT", "format"), RefusedValue(time, "P1DT", "format"),
        RefusedValue(time, "PT1M1H", "format"), RefusedValue(time, "PT1H1H", "format"),
        RefusedValue(time, "-PT1H", "format"),
        RefusedValue(time, "pt1h", "format"), RefusedValue(time, "PT99999999999S", "format"),
        RefusedValue(anyTime, "P9999999999W", "max"),
        RefusedValue(.period(isOpen: false), "2026", "type"), RefusedValue(.geo, [1, 2], "type"),
        RefusedValue(tags, "a", "type"), RefusedValue(tags, [], "min"), RefusedValue(tags, ["a", "b", "c"], "max"),
    ]
}

/// Values of several members: every fault has its place inside the value.
struct CompositeTypeTests {
    private static func faults(_ type: FieldType, _ value: JSONValue) throws -> [String] {
        try #require(throws: Problem.self) { try InputValidator.patch([Field("it", type)], ["it": value]) }.found
    }

    @Test func `a period is closed, in order and of two members`() throws {
        let day = "2026-01-01T00:00:00Z"
        let period = FieldType.period(isOpen: false)
        #expect(try Self.faults(period, [:]) == ["/it/from required", "/it/to required"])
        #expect(try Self.faults(period, ["from": .string(day), "to": .string(day)]) == ["/it/to order"])
        #expect(try Self.faults(period, ["from": .string(day), "to": "later"]) == ["/it/to format"])
        let extra: JSONValue = ["from": 1, "to": nil, "until": 2]
        #expect(try Self.faults(.period(isOpen: true), extra) == ["/it/until unknown_field", "/it/from type"])
    }

    @Test func `a place lies on the earth`() throws {
        #expect(
            try Self.faults(.geo, ["lat": .double(90.000001), "lng": -181]) == [
                "/it/lat out_of_range", "/it/lng out_of_range",
            ])
        #expect(try Self.faults(.geo, ["lat": "1"]) == ["/it/lat type", "/it/lng required"])
        #expect(
            try Self.faults(.geo, ["lat": 1, "lng": .int(.min), "alt": 3]) == [
                "/it/alt unknown_field", "/it/lng out_of_range",
            ])
    }

    @Test func `each wrong text of a list is a fault`() throws {
        let texts = FieldType.texts(min: 0, max: 5, itemMax: 3)
        #expect(
            try Self.faults(texts, ["abcd", 5, " ", nil, "ok"])
                == ["/it/0 max", "/it/1 type", "/it/2 blank", "/it/3 type"])
    }

    @Test func `a json of a declared shape is checked to the bottom`() throws {
        var width = JSONShape(.integer)
        width.minimum = 1
        width.maximum = 100
        var unit = JSONShape(.string)
        unit.values = ["cm", "inch"]
        var note = JSONShape(.string)
        note.minLength = 2
        note.maxLength = 3
        var notes = JSONShape(.array)
        notes.items = [note]
        notes.maxItems = 4
        var shape = JSONShape(.object)
        shape.properties = [("width", width), ("unit", unit), ("notes", notes)].map { .init(name: $0.0, shape: $0.1) }
        shape.required = ["width"]
        shape.allowsOthers = false
        let type = FieldType.shapedJSON(shape)
        let good: JSONValue = ["width": 100, "unit": "cm", "notes": ["ab"]]
        #expect(try InputValidator.patch([Field("it", type)], ["it": good]) == ["it": good])
        #expect(try Self.faults(type, [:]) == ["/it/width required"])
        #expect(
            try Self.faults(type, ["width": 101, "unit": "m", "notes": ["a", "abcd", 5], "x/y": 1])
                == [
                    "/it/width max", "/it/unit enum", "/it/notes/0 min", "/it/notes/1 max", "/it/notes/2 type",
                    "/it/x~1y unknown_field",
                ])
        #expect(
            try Self.faults(type, ["width": .double(1.5), "notes": ["ab", "ab", "ab", "ab", "ab"]])
                == ["/it/width type", "/it/notes max"])
        #expect(try Self.faults(type, ["width": 0]) == ["/it/width min"])
    }
}
