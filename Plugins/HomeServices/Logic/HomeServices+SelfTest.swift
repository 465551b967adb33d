public import PluginAPI

extension HomeServices {
    /// Adds up a work order whose amounts are known, and asks the gate about orders that are and aren't complete.
    public func selfTest() async throws(Refusal) {
        let work = try LineTerms(
            StatedTerms(description: "Work", unitPriceMinor: 9_500, priceScale: 0, taxRatePPM: 70_000),
            copyingFrom: nil, line: 0)
        let totals = try DocumentTotals(of: [work.line(quantityMilli: 2_500)], taxRounding: .line)
        try expect(totals.subtotalMinor == 23_750 && totals.taxMinor == 1_663, "two and a half hours come to \(totals)")
        let empty = CompletionGate(lineCount: 0, resolution: " done ")
        try expect(empty.missing == CompletionGate.Requirement.allCases, "an empty order counts as complete")
        let complete = CompletionGate(lineCount: 1, resolution: "Replaced the valve.")
        try expect(complete.missing.isEmpty, "a complete order lacks \(complete.missing)")
    }

    private func expect(_ isTrue: Bool, _ message: @autoclosure () -> String) throws(Refusal) {
        if !isTrue { throw Refusal(code: "wrong_result", message: message() + ".") }
    }
}
