import HostModel

/// Dates and times of filters as text: RFC 3339 with years 0001 to 9999.
///
/// PostgreSQL reads the text itself, so times are held to what it takes: offsets below 16 hours, 6 digits of a second.
enum CalendarText {
    static func isDate(_ text: String) -> Bool { CalendarDay(text) != nil }

    /// `2026-11-22T15:00:00Z`, with an optional fraction of up to 6 digits and an offset instead of `Z`.
    static func isTimestamp(_ text: String) -> Bool {
        guard text.utf8.count >= 20, isDate(String(text.prefix(10))) else { return false }
        let rest = text.dropFirst(10)
        guard rest.first == "T", let zone = rest.lastIndex(where: { "Z+-".contains($0) }) else { return false }
        return isTime(rest[rest.index(after: rest.startIndex)..<zone]) && isZone(rest[zone...])
    }

    private static func isTime(_ text: Substring) -> Bool {
        let halves = text.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count <= 2, isClock(halves[0], [24, 60, 60]) else { return false }
        return halves.count == 1 || (1...6).contains { number(halves[1], digits: $0) != nil }
    }

    private static func isZone(_ text: Substring) -> Bool {
        text == "Z" || isClock(text.dropFirst(), [15, 60])
    }

    private static func isClock(_ text: Substring, _ limits: [Int]) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == limits.count else { return false }
        return zip(parts, limits).allSatisfy { part, limit in number(part, digits: 2).map { $0 < limit } ?? false }
    }

    private static func number(_ text: Substring, digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
