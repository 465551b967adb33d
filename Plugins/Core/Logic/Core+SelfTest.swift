public import PluginAPI

extension Core {
    /// Adds up an invoice whose amounts are known: three pieces at 19.99 with 8.25 % tax and an hour and a half at
    /// 80.00 without, 10.00 off the whole.
    public func selfTest() async throws(Refusal) {
        let pieces = try LineTerms(
            StatedTerms(description: "Piece", unitPriceMinor: 1_999, priceScale: 0, taxRatePPM: 82_500),
            copyingFrom: nil, line: 0)
        let hours = try LineTerms(
            StatedTerms(description: "Hour", unitPriceMinor: 8_000, priceScale: 0, taxRatePPM: 0),
            copyingFrom: nil, line: 1)
        let totals = try DocumentTotals(
            of: [pieces.line(quantityMilli: 3_000), hours.line(quantityMilli: 1_500)], discountMinor: 1_000,
            taxRounding: .document)
        try expect(totals.subtotalMinor, 17_997, "the subtotal")
        try expect(totals.taxMinor, 467, "the tax")
        try expect(totals.totalMinor, 17_464, "the total")
        try expect(totals.lines.reduce(0) { $0 + $1.totalMinor }, 17_464, "the sum of the lines")
    }

    private func expect(_ found: Int64, _ known: Int64, _ what: String) throws(Refusal) {
        guard found != known else { return }
        throw Refusal(code: "wrong_amount", message: "\(what) of the known invoice is \(found), not \(known).")
    }
}
