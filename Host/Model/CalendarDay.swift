/// A day of the proleptic Gregorian calendar, years 1 to 9999, without a time zone.
package struct CalendarDay: Hashable, Sendable {
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to the length of the month.
    package let day: Int

    /// Nil for a day that no calendar has, such as 29 February 2025.
    package init?(year: Int, month: Int, day: Int) {
        guard Self.years.contains(year), (1...12).contains(month) else { return nil }
        guard (1...Self.length(ofMonth: month, in: year)).contains(day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Parses `YYYY-MM-DD` in ASCII digits; anything else gives nil.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = DecimalDigits.number(bytes[0..<4]), let month = DecimalDigits.number(bytes[5..<7]),
            let day = DecimalDigits.number(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// - Parameter days: Since 1970-01-01; nil outside the years 1 to 9999.
    package init?(daysSinceEpoch days: Int) {
        let sinceYearOne = days + Self.epoch
        guard (0..<Self.daysBefore(year: Self.years.upperBound + 1)).contains(sinceYearOne) else { return nil }
        // 146,097 days are 400 years. The quotient is never early, and late by one year at most around New Year.
        var year = sinceYearOne * 400 / 146_097 + 1
        if Self.daysBefore(year: year) > sinceYearOne { year -= 1 }
        if Self.daysBefore(year: year + 1) <= sinceYearOne { year += 1 }
        var day = sinceYearOne - Self.daysBefore(year: year) + 1
        var month = 1
        while day > Self.length(ofMonth: month, in: year) {
            day -= Self.length(ofMonth: month, in: year)
            month += 1
        }
        self.init(year: year, month: month, day: day)
    }

    /// Negative before 1970-01-01.
    package var daysSinceEpoch: Int {
        let months = (1..<month).reduce(0) { $0 + Self.length(ofMonth: $1, in: year) }
        return Self.daysBefore(year: year) + months + day - 1 - Self.epoch
    }

    private static let years = 1...9_999

    /// 1970-01-01, counted from 0001-01-01.
    private static let epoch = daysBefore(year: 1_970)

    /// From 0001-01-01 to the first day of a year.
    private static func daysBefore(year: Int) -> Int {
        let whole = year - 1
        return whole * 365 + whole / 4 - whole / 100 + whole / 400
    }

    private static func length(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension CalendarDay: CustomStringConvertible {
    /// `2026-11-22`.
    package var description: String {
        [
            DecimalDigits.text(year, width: 4), DecimalDigits.text(month, width: 2), DecimalDigits.text(day, width: 2),
        ].joined(separator: "-")
    }
}

/// Numbers of a fixed count of ASCII digits, without signs.
enum DecimalDigits {
    /// Nil unless there is at least one byte and every byte is a digit. At most 18 digits.
    static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...18).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    static func text(_ number: Int, width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
