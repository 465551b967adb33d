import PluginAPI
import Testing

struct DocumentTotalsTests {
    /// A linear congruential generator (Knuth's MMIX constants): the same documents in every run.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 32
        }
    }

    @Test(arguments: 0..<10) func `lines add up to the document in 10,000 random documents`(seed: UInt64) throws {
        var dice = Dice(state: seed)
        for _ in 0..<10_000 {
            let lines = try randomLines(&dice)
            let discountable = try DocumentTotals(of: lines, taxRounding: .line).lines.reduce(0) { $0 + $1.netMinor }
            let discount = Int64.random(in: 0...discountable, using: &dice)
            let rounding: TaxRounding = Bool.random(using: &dice) ? .line : .document
            let totals = try DocumentTotals(of: lines, discountMinor: discount, taxRounding: rounding)
            let fault = brokenSum(totals) ?? (hasNegative(totals) ? "negative" : nil)
            try #require(fault == nil, "\(lines) less \(discount)")
            let ownDiscounts = lines.reduce(0) { $0 + $1.discountMinor }
            try #require(totals.discountMinor == ownDiscounts + discount)
        }
    }

    @Test func `a discount above what there is to discount is refused`() throws {
        let lines = [try line(quantityMilli: 1_000, price: 300)]
        #expect(throws: Refusal.invalid("discount_minor", code: "max")) {
            try DocumentTotals(of: lines, discountMinor: 301, taxRounding: .line)
        }
        #expect(throws: Refusal.invalid("discount_minor", code: "min")) {
            try DocumentTotals(of: lines, discountMinor: -1, taxRounding: .line)
        }
    }

    @Test func `a line's discount above its gross is refused at that line`() throws {
        let lines = [
            try line(quantityMilli: 1_000, price: 300), try line(quantityMilli: 1_000, price: 300, discount: 301),
        ]
        #expect(throws: Refusal.invalid("/lines/1/discount_minor", code: "max")) {
            try DocumentTotals(of: lines, taxRounding: .document)
        }
    }

    @Test func `a negative quantity is refused at its line`() throws {
        let lines = [try line(quantityMilli: -1, price: 300)]
        #expect(throws: Refusal.invalid("/lines/0/qty_milli", code: "min")) {
            try DocumentTotals(of: lines, taxRounding: .document)
        }
    }

    @Test(arguments: TaxRounding.allCases) func `sums beyond 64 bits are refused`(rounding: TaxRounding) throws {
        let half = try line(quantityMilli: 1_000, price: Int64.max / 2 + 1)
        #expect(throws: Refusal.amountOverflow) {
            try DocumentTotals(of: [half, half], taxRounding: rounding)
        }
        let taxed = try line(quantityMilli: 1_000, price: Int64.max, ratePPM: 1)
        #expect(throws: Refusal.amountOverflow) { try DocumentTotals(of: [taxed], taxRounding: rounding) }
    }

    @Test func `prices and rates out of bounds can't be made`() {
        #expect(throws: Refusal.invalid("unit_price_minor", code: "min")) { try UnitPrice(minor: -1) }
        #expect(throws: Refusal.invalid("price_scale", code: "max")) { try UnitPrice(minor: 1, scale: 5) }
        #expect(throws: Refusal.invalid("price_scale", code: "min")) { try UnitPrice(minor: 1, scale: -1) }
        #expect(throws: Refusal.invalid("tax_rate_ppm", code: "max")) { try TaxRate(ppm: 10_000_001) }
        #expect(throws: Refusal.invalid("tax_rate_ppm", code: "min")) { try TaxRate(ppm: -1) }
    }

    @Test func `a sent total is compared, never trusted`() throws {
        let totals = try DocumentTotals(of: [try line(quantityMilli: 1_000, price: 300)], taxRounding: .line)
        try totals.check(expectedTotalMinor: nil)
        try totals.check(expectedTotalMinor: 300)
        let refusal = #expect(throws: Refusal.self) { try totals.check(expectedTotalMinor: 299) }
        #expect(refusal?.code == "total_mismatch")
        #expect(refusal?.details == ["expected": .int(299), "got": .int(300)])
    }

    private func line(
        quantityMilli: Int64, price: Int64, ratePPM: Int64 = 0, discount: Int64 = 0
    ) throws -> PricedLine {
        PricedLine(
            quantityMilli: quantityMilli, price: try UnitPrice(minor: price), taxRate: try TaxRate(ppm: ratePPM),
            discountMinor: discount)
    }

    private func randomLines(_ dice: inout Dice) throws -> [PricedLine] {
        var lines: [PricedLine] = []
        for _ in 0..<Int.random(in: 1...6, using: &dice) {
            let price = try UnitPrice(
                minor: .random(in: 0...50_000, using: &dice), scale: .random(in: 0...4, using: &dice))
            let quantity = Int64.random(in: 0...20_000, using: &dice)
            let gross = try price.gross(quantityMilli: quantity)
            let rate: Int64 = [0, 50_000, 82_500, 190_000].randomElement(using: &dice) ?? 0
            lines.append(
                PricedLine(
                    quantityMilli: quantity, price: price, taxRate: try TaxRate(ppm: rate),
                    discountMinor: Bool.random(using: &dice) ? .random(in: 0...gross, using: &dice) : 0))
        }
        return lines
    }

    /// The sum that doesn't hold, nil when all do.
    private func brokenSum(_ totals: DocumentTotals) -> String? {
        func sum(_ amount: KeyPath<LineTotals, Int64>) -> Int64 { totals.lines.reduce(0) { $0 + $1[keyPath: amount] } }
        if sum(\.grossMinor) != totals.subtotalMinor { return "gross" }
        if sum(\.discountMinor) != totals.discountMinor { return "discount" }
        if sum(\.taxMinor) != totals.taxMinor { return "tax" }
        if sum(\.totalMinor) != totals.totalMinor { return "total" }
        let isClosed = totals.subtotalMinor - totals.discountMinor + totals.taxMinor == totals.totalMinor
        return isClosed ? nil : "document"
    }

    private func hasNegative(_ totals: DocumentTotals) -> Bool {
        totals.lines.contains { min($0.grossMinor, $0.discountMinor, $0.netMinor, $0.taxMinor, $0.totalMinor) < 0 }
    }
}
