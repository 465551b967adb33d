/// A length of time in whole seconds, with the form of ISO 8601 that has one meaning: `PT1H30M`.
///
/// A week is 7 days and a day 24 hours. Years and months have no length, so they are no part of it, nor are fractions.
package struct WholeSeconds: Hashable, Sendable {
    package let seconds: Int64

    /// Nothing, to a hundred years of 366 days.
    package static let bounds: ClosedRange<Int64> = 0...3_162_240_000

    package init(_ seconds: Int64) {
        self.seconds = seconds
    }

    /// Parses `P1W2DT3H4M5S`: capitals, whole numbers of at most 10 digits, at least one of them, largest unit first.
    package init?(iso8601 text: String) {
        var rest = Array(text.utf8)[...]
        guard rest.popFirst() == UInt8(ascii: "P") else { return nil }
        var total: Int64 = 0
        var count = 0
        var isTime = false
        var units = Self.dateUnits
        while !rest.isEmpty {
            if !isTime, rest.first == UInt8(ascii: "T") {
                rest.removeFirst()
                isTime = true
                units = Self.timeUnits
                // `P1DT` says that a time follows.
                guard !rest.isEmpty else { return nil }
            }
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            rest.removeFirst(digits.count)
            guard (1...10).contains(digits.count), let letter = rest.popFirst(),
                let unit = units.firstIndex(where: { $0.letter == letter })
            else { return nil }
            total += digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) } * units[unit].seconds
            units = units.dropFirst(unit + 1).map { $0 }
            count += 1
        }
        guard count > 0 else { return nil }
        seconds = total
    }

    /// Hours, minutes and seconds without those that are nought: `PT26H`, `PT0S`. Negative ones can't be written.
    package var iso8601: String {
        let parts = [(seconds / 3_600, "H"), (seconds % 3_600 / 60, "M"), (seconds % 60, "S")]
        let text = parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
        return "PT" + (text.isEmpty ? "0S" : text)
    }

    private typealias Unit = (letter: UInt8, seconds: Int64)
    private static let dateUnits: [Unit] = [(UInt8(ascii: "W"), 604_800), (UInt8(ascii: "D"), 86_400)]
    private static let timeUnits: [Unit] = [
        (UInt8(ascii: "H"), 3_600), (UInt8(ascii: "M"), 60), (UInt8(ascii: "S"), 1),
    ]
}
