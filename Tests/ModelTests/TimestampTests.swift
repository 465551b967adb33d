import HostModel
import Testing

struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.000001Z", 1),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("2000-02-29T12:00:00+00:00", 951_825_600_000_000),
        ("2026-11-22T15:00:00+05:30", 1_795_339_800_000_000),
        ("2026-11-22T01:30:00-08:00", 1_795_339_800_000_000),
        ("2026-11-22t09:30:00z", 1_795_339_800_000_000),
        ("2026-11-22T09:30:00.5-00:00", 1_795_339_800_500_000),
        ("2026-11-22T09:30:00.123456789Z", 1_795_339_800_123_456),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
    ])
    func `a time with an offset is an instant`(text: String, microseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.microseconds == microseconds)
    }

    @Test(arguments: [
        "", "2026-11-22", "2026-11-22T15:00:00", "2026-11-22T15:00Z", "2026-11-22 15:00:00Z", "2026-11-22T15:00:00.Z",
        "2026-11-22T15:00:00.1234567890Z", "2026-11-22T15:00:00,5Z", "2026-11-22T24:00:00Z", "2026-11-22T15:60:00Z",
        "2026-11-22T15:00:60Z", "2026-11-22T15:00:00+24:00", "2026-11-22T15:00:00+05:60", "2026-11-22T15:00:00+0530",
        "2026-11-22T15:00:00+05", "2026-11-22T15:00:00ZZ", "2026-11-22T15:00:00Z ", " 2026-11-22T15:00:00Z",
        "2026-02-29T15:00:00Z", "1900-02-29T15:00:00Z", "2026-13-01T15:00:00Z", "2026-00-01T15:00:00Z",
        "2026-04-31T15:00:00Z", "0000-12-31T15:00:00Z", "12026-11-22T15:00:00Z", "2026-11-22T15:00:00.-5Z",
        "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:00-00:01", "٢٠٢٦-11-22T15:00:00Z", "infinity", "now",
    ])
    func `a time of another form is refused`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `an instant survives being text`() {
        var random = SplitMix(state: 22)
        for _ in 0..<5_000 {
            let instant = Timestamp(
                microseconds: .random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &random))
            #expect(instant.rfc3339.flatMap { Timestamp(rfc3339: $0) } == instant)
        }
    }

    @Test func `the text is in UTC with microseconds`() {
        #expect(Timestamp(microseconds: 1_795_339_800_000_050).rfc3339 == "2026-11-22T09:30:00.000050Z")
        #expect(Timestamp(microseconds: -1).rfc3339 == "1969-12-31T23:59:59.999999Z")
    }

    @Test(arguments: [Int64.min, -62_135_596_800_000_001, 253_402_300_800_000_000, .max])
    func `an instant outside the years 1 to 9999 has no text`(microseconds: Int64) {
        #expect(Timestamp(microseconds: microseconds).rfc3339 == nil)
    }
}

/// A generator with a seed, so that a failure comes again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
