/// Amounts in whole units, `12.99`, as whole numbers of the smallest unit, `1299`. Exact: nothing is rounded.
struct DecimalText: Hashable, Sendable {
    /// `.` or `,`.
    let sign: UInt8
    /// How many digits the smallest unit is behind the sign.
    let digits: Int

    /// - Throws: `format` for anything but digits with one sign, a minus before them; `precision` for more digits
    ///   behind the sign than the unit has.
    func units(_ text: String) throws(RowFlaw) -> Int64 {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes.removeFirst() }
        let parts = bytes.split(separator: sign, maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? Array(parts[1]) : []
        let whole = parts.first.map { Array($0) } ?? []
        guard !whole.isEmpty, parts.count == 1 || !fraction.isEmpty,
            (whole + fraction).allSatisfy({ (0x30...0x39).contains($0) })
        else {
            let character = Character(Unicode.Scalar(sign))
            throw RowFlaw("format", "The value must be a number such as 12\(character)99, without anything else.")
        }
        guard fraction.dropFirst(digits).allSatisfy({ $0 == 0x30 }) else {
            throw RowFlaw("precision", "The value must have at most \(digits) digits behind the decimal sign.")
        }
        let padded = fraction.prefix(digits) + Array(repeating: 0x30, count: max(0, digits - fraction.count))
        guard let units = Int64((isNegative ? "-" : "") + String(decoding: whole + padded, as: UTF8.self)) else {
            throw RowFlaw("max", "The value is too large.")
        }
        return units
    }
}

/// How many digits the minor unit of a currency is behind the decimal sign (ISO 4217).
enum CurrencyDigits {
    private static let none: Set<String> = [
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
        "XPF",
    ]
    private static let three: Set<String> = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
    private static let four: Set<String> = ["CLF", "UYW"]

    static func of(_ currency: String) -> Int {
        if none.contains(currency) { return 0 }
        if three.contains(currency) { return 3 }
        return four.contains(currency) ? 4 : 2
    }
}
