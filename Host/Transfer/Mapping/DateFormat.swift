import HostModel

/// How a file writes dates and times: `DD.MM.YYYY`, `M/D/YYYY hh:mm`.
///
/// Parts: `YYYY`; `MM`, `DD` of two digits, `M`, `D` of one or two; `hh`, `mm`, `ss`. The rest stands for itself.
struct DateFormat: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case year, month(Int), day(Int), hour, minute, second
        case literal(UInt8)
    }

    /// A day and the time on a wall clock.
    struct Moment: Hashable, Sendable {
        let day: CalendarDay
        /// Since midnight.
        let second: Int
    }

    let pattern: String
    private let parts: [Part]

    init(_ pattern: String, hasTime: Bool) throws(CellReading.Refusal) {
        self.pattern = pattern
        var parts: [Part] = []
        var rest = Array(pattern.utf8)[...]
        while let first = rest.first {
            let run = rest.prefix { $0 == first }.count
            guard let part = Self.part(first, run) else {
                throw CellReading.Refusal(detail: "The format \(pattern) isn't made of YYYY, MM, M, DD, D, hh, mm, ss.")
            }
            parts += part
            rest = rest.dropFirst(run)
        }
        let wanted: [Part] = hasTime ? [.hour, .minute] : []
        guard parts.contains(.year), parts.contains(where: { $0 == .month(1) || $0 == .month(2) }),
            parts.contains(where: { $0 == .day(1) || $0 == .day(2) }), wanted.allSatisfy(parts.contains)
        else {
            throw CellReading.Refusal(
                detail: "The format \(pattern) must have year, month and day\(hasTime ? ", hour and minute" : "").")
        }
        self.parts = parts
    }

    private static func part(_ letter: UInt8, _ run: Int) -> [Part]? {
        switch (Character(Unicode.Scalar(letter)), run) {
        case ("Y", 4): [.year]
        case ("M", 1), ("M", 2): [.month(run)]
        case ("D", 1), ("D", 2): [.day(run)]
        case ("h", 2): [.hour]
        case ("m", 2): [.minute]
        case ("s", 2): [.second]
        case ("Y", _), ("M", _), ("D", _), ("h", _), ("m", _), ("s", _): nil
        default: Array(repeating: .literal(letter), count: run)
        }
    }

    /// - Throws: `format` for a text of another form, or a day that no calendar has.
    func day(_ text: String) throws(RowFlaw) -> CalendarDay { try moment(text).day }

    /// - Throws: `format`.
    func moment(_ text: String) throws(RowFlaw) -> Moment {
        var rest = Array(text.utf8)[...]
        var (year, month, day, hour, minute, second) = (0, 0, 0, 0, 0, 0)
        for part in parts {
            switch part {
            case .year: year = try number(&rest, 4, 4)
            case .month(let digits): month = try number(&rest, digits, 2)
            case .day(let digits): day = try number(&rest, digits, 2)
            case .hour: hour = try number(&rest, 2, 2)
            case .minute: minute = try number(&rest, 2, 2)
            case .second: second = try number(&rest, 2, 2)
            case .literal(let byte): guard rest.popFirst() == byte else { throw flaw }
            }
        }
        guard rest.isEmpty, hour < 24, minute < 60, second < 60,
            let date = CalendarDay(year: year, month: month, day: day)
        else { throw flaw }
        return Moment(day: date, second: hour * 3_600 + minute * 60 + second)
    }

    private func number(_ rest: inout ArraySlice<UInt8>, _ least: Int, _ most: Int) throws(RowFlaw) -> Int {
        let digits = rest.prefix(most).prefix { (0x30...0x39).contains($0) }
        guard digits.count >= least else { throw flaw }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private var flaw: RowFlaw { RowFlaw("format", "The value must be written as \(pattern).") }

    /// `2026-11-22 15:00`, `2026-11-22T15:00:00`; nil for any other form, such as one with an offset.
    static func isoMoment(_ text: String) -> Moment? {
        let bytes = Array(text.utf8)
        guard bytes.count == 16 || bytes.count == 19, bytes[10] == 0x20 || bytes[10] | 0x20 == UInt8(ascii: "t"),
            let day = CalendarDay(text.prefix(10)), bytes[13] == UInt8(ascii: ":")
        else { return nil }
        let clock = [bytes[11...12], bytes[14...15]] + (bytes.count == 19 ? [bytes[17...18]] : [])
        guard bytes.count == 16 || bytes[16] == UInt8(ascii: ":"),
            clock.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        let numbers = clock.map { $0.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        guard numbers[0] < 24, numbers[1] < 60, numbers.count == 2 || numbers[2] < 60 else { return nil }
        return Moment(day: day, second: numbers[0] * 3_600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0))
    }
}
