import PluginAPI

/// Instants as text (RFC 3339): printed in UTC with microseconds, read with any offset.
enum TimestampText {
    /// `2026-11-22T15:00:00.000000+00:00`
    static func print(_ instant: Timestamp) -> String {
        let (day, second, fraction) = split(instant, secondsEast: 0)
        let clock = [second / 3_600, second / 60 % 60, second % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(day)T\(clock).\(padded(fraction, 6))+00:00"
    }

    /// Nil for anything that isn't `YYYY-MM-DDTHH:MM:SS[.f…](Z|±HH:MM)`; digits past microseconds are dropped.
    static func parse(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == colon, bytes[16] == colon,
            let date = LocalDate(String(decoding: bytes[..<10], as: UTF8.self)),
            let hour = number(bytes[11..<13], below: 24), let minute = number(bytes[14..<16], below: 60),
            let second = number(bytes[17..<19], below: 60)
        else { return nil }
        let zoneStart = bytes[19...].firstIndex { $0 != UInt8(ascii: ".") && !isDigit($0) } ?? bytes.endIndex
        guard let fraction = fraction(bytes[19..<zoneStart]), let east = zone(bytes[zoneStart...]) else { return nil }
        let days = Int64(date.days(since: epoch))
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - east
        return Timestamp(microseconds: seconds * 1_000_000 + fraction)
    }

    /// The day of an instant in a zone that is so many seconds east of UTC.
    static func day(of instant: Timestamp, secondsEast: Int) -> LocalDate {
        split(instant, secondsEast: Int64(secondsEast)).day
    }

    private static let epoch = LocalDate.epoch
    private static let colon = UInt8(ascii: ":")

    private static func split(
        _ instant: Timestamp, secondsEast: Int64
    ) -> (day: LocalDate, second: Int64, microsecond: Int64) {
        let (seconds, microsecond) = divideDown(instant.microseconds, by: 1_000_000)
        let (days, second) = divideDown(seconds + secondsEast, by: 86_400)
        return (epoch.adding(days: Int(days)), second, microsecond)
    }

    private static func divideDown(_ number: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func number(_ digits: ArraySlice<UInt8>, below limit: Int64) -> Int64? {
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
        let number = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        return number < limit ? number : nil
    }

    /// `.25` as 250,000 microseconds; nothing at all as 0.
    private static func fraction(_ text: ArraySlice<UInt8>) -> Int64? {
        guard let point = text.first else { return 0 }
        let digits = text.dropFirst().prefix(6)
        guard point == UInt8(ascii: "."), let number = number(digits, below: 1_000_000) else { return nil }
        guard text.dropFirst().allSatisfy(isDigit) else { return nil }
        return (digits.count..<6).reduce(number) { scaled, _ in scaled * 10 }
    }

    /// Seconds east of UTC.
    private static func zone(_ text: ArraySlice<UInt8>) -> Int64? {
        guard let sign = text.first else { return nil }
        if text.count == 1 { return sign | 0x20 == UInt8(ascii: "z") ? 0 : nil }
        let rest = Array(text.dropFirst())
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), rest.count == 5, rest[2] == colon,
            let hours = number(rest[..<2], below: 24), let minutes = number(rest[3...], below: 60)
        else { return nil }
        let seconds = hours * 3_600 + minutes * 60
        return sign == UInt8(ascii: "-") ? -seconds : seconds
    }
}
