/// Instants as text: RFC 3339, read with any offset, printed in UTC.
extension Timestamp {
    /// Parses `YYYY-MM-DDTHH:MM:SS[.f](Z|±HH:MM)`, the letters in either case.
    ///
    /// One to nine digits after the point; those past microseconds are dropped, because PostgreSQL would round them
    /// and could so reach the next day. Nil for any other form, for leap seconds, which PostgreSQL can't keep, and for
    /// instants outside the years 1 to 9999 of UTC.
    package init?(rfc3339 text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] | 0x20 == UInt8(ascii: "t"), let day = CalendarDay(text.prefix(10)),
            let clock = Self.clock(bytes[11..<19]),
            let zone = bytes[19...].firstIndex(where: { "Zz+-".utf8.contains($0) }),
            let fraction = Self.fraction(bytes[19..<zone]), let east = Self.secondsEast(bytes[zone...])
        else { return nil }
        let seconds = day.daysSinceEpoch * 86_400 + clock - east
        guard CalendarDay(daysSinceEpoch: Self.day(ofSecond: seconds)) != nil else { return nil }
        self.init(microseconds: Int64(seconds) * 1_000_000 + Int64(fraction))
    }

    /// `2026-11-22T15:00:00.000000Z`; nil outside the years 1 to 9999, which have no such form.
    package var rfc3339: String? {
        let split = Int(microseconds).quotientAndRemainder(dividingBy: 1_000_000)
        let seconds = split.remainder < 0 ? split.quotient - 1 : split.quotient
        let fraction = split.remainder < 0 ? split.remainder + 1_000_000 : split.remainder
        let days = Self.day(ofSecond: seconds)
        guard let day = CalendarDay(daysSinceEpoch: days) else { return nil }
        let second = seconds - days * 86_400
        let clock = [second / 3_600, second / 60 % 60, second % 60].map { DecimalDigits.text($0, width: 2) }
        return "\(day)T\(clock.joined(separator: ":")).\(DecimalDigits.text(fraction, width: 6))Z"
    }

    /// The day since the epoch that a second belongs to, rounded down.
    private static func day(ofSecond second: Int) -> Int {
        let (quotient, remainder) = second.quotientAndRemainder(dividingBy: 86_400)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// `15:04:05` as seconds of the day.
    private static func clock(_ text: ArraySlice<UInt8>) -> Int? {
        let start = text.startIndex
        guard let minutes = minutes(text[start..<start + 5]), text[start + 5] == UInt8(ascii: ":"),
            let second = DecimalDigits.number(text[(start + 6)...]), second < 60
        else { return nil }
        return minutes * 60 + second
    }

    /// `15:04` as minutes.
    private static func minutes(_ text: ArraySlice<UInt8>) -> Int? {
        let start = text.startIndex
        guard text.count == 5, text[start + 2] == UInt8(ascii: ":"),
            let hour = DecimalDigits.number(text[start..<start + 2]), hour < 24,
            let minute = DecimalDigits.number(text[(start + 3)...]), minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    /// `.25` as 250,000 microseconds; nothing at all as 0.
    private static func fraction(_ text: ArraySlice<UInt8>) -> Int? {
        guard let point = text.first else { return 0 }
        let digits = text.dropFirst()
        guard point == UInt8(ascii: "."), digits.count <= 9, DecimalDigits.number(digits) != nil else { return nil }
        return DecimalDigits.number(digits.prefix(6)).map { number in
            (digits.prefix(6).count..<6).reduce(number) { scaled, _ in scaled * 10 }
        }
    }

    /// `Z`, `+05:30`.
    private static func secondsEast(_ text: ArraySlice<UInt8>) -> Int? {
        guard let sign = text.first else { return nil }
        if sign | 0x20 == UInt8(ascii: "z") { return text.count == 1 ? 0 : nil }
        return minutes(text.dropFirst()).map { sign == UInt8(ascii: "-") ? $0 * -60 : $0 * 60 }
    }
}
