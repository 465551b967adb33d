/// Doubles as ECMAScript prints them (`Number::toString`, ECMA-262 section 6.1.6.1.20), which RFC 8785 prescribes.
enum ECMAScriptNumber {
    /// - Parameter value: Finite; JSON has no other numbers.
    static func text(of value: Double) -> String {
        precondition(value.isFinite)
        if value == 0 { return "0" }
        let sign = value < 0 ? "-" : ""
        let (digits, point) = decimal(value.magnitude)
        return sign + layout(digits, point: point)
    }

    /// The shortest digits that read back as the value, and how many of them stand before the decimal point.
    ///
    /// Swift's own description has the same digits (both are the shortest that round-trip, closest to the value); only
    /// the layout differs.
    private static func decimal(_ value: Double) -> (digits: String, point: Int) {
        let parts = value.description.split(separator: "e")
        let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let fraction = mantissa.count == 2 && mantissa[1] != "0" ? String(mantissa[1]) : ""
        let all = String(mantissa[0]) + fraction
        let significant = all.drop { $0 == "0" }
        let point = mantissa[0].count + exponent - (all.count - significant.count)
        let trailing = significant.reversed().prefix { $0 == "0" }.count
        return (String(significant.dropLast(trailing)), point)
    }

    private static func layout(_ digits: String, point: Int) -> String {
        let count = digits.count
        if count <= point && point <= 21 { return digits + zeroes(point - count) }
        if 0 < point && point <= 21 { return "\(digits.prefix(point)).\(digits.dropFirst(point))" }
        if -6 < point && point <= 0 { return "0." + zeroes(-point) + digits }
        let exponent = point - 1
        let fraction = count == 1 ? "" : ".\(digits.dropFirst())"
        return "\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(exponent.magnitude)"
    }

    private static func zeroes(_ count: Int) -> String { String(repeating: "0", count: count) }
}
