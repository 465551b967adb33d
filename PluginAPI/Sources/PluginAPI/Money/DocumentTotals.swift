/// The amounts of a document and of its lines by the platform's money rules M1 to M6, tax on top. Since 1.0.
///
/// The order of computation is fixed (M5): line discounts, the document's discount, tax. What the lines add up to is
/// what the document says, for net, discount, tax and total; no amount is below 0. A document that is copied line by
/// line, with its discount and its rounding, therefore has the same totals.
public struct DocumentTotals: Hashable, Sendable {
    /// The amounts of the lines, in their order.
    public let lines: [LineTotals]
    /// Σ gross, before any discount.
    public let subtotalMinor: Int64
    /// Σ discounts, those of the lines and the document's.
    public let discountMinor: Int64
    /// Σ tax.
    public let taxMinor: Int64
    /// Subtotal less discount plus tax.
    public let totalMinor: Int64

    /// Computes a document.
    ///
    /// - Parameters:
    ///   - lines: In the order of their positions, which decides who gets the odd minor unit.
    ///   - discountMinor: The document's discount, 0 to what the lines' own discounts leave.
    ///   - taxRounding: Per line or per document.
    /// - Throws: `amount_overflow`; `validation_failed` at `/lines/N/…` for a negative quantity or a discount above
    ///   the line's gross, at `/discount_minor` for one above what there is to discount.
    public init(of lines: [PricedLine], discountMinor: Int64 = 0, taxRounding: TaxRounding) throws(Refusal) {
        let gross = try Self.gross(of: lines)
        let discounts = try Self.discounts(on: lines, gross: gross, document: discountMinor)
        let net = zip(gross, discounts).map { $0 - $1 }
        let tax = try Self.tax(on: net, rates: lines.map(\.taxRate), rounding: taxRounding)

        var amounts: [LineTotals] = []
        for index in lines.indices {
            amounts.append(
                LineTotals(
                    grossMinor: gross[index], discountMinor: discounts[index], netMinor: net[index],
                    taxMinor: tax[index], totalMinor: try (Int128(net[index]) + Int128(tax[index])).narrowed()))
        }
        self.lines = amounts
        self.subtotalMinor = try Self.sum(gross)
        self.discountMinor = try Self.sum(discounts)
        self.taxMinor = try Self.sum(tax)
        self.totalMinor = try Self.sum(amounts.map(\.totalMinor))
    }

    /// Refuses when a client showed another total to its user: a sent total is compared, never trusted (M6).
    ///
    /// - Parameter expected: The client's total; nil compares nothing.
    /// - Throws: `total_mismatch` with `expected` and `got`.
    public func check(expectedTotalMinor expected: Int64?) throws(Refusal) {
        guard let expected, expected != totalMinor else { return }
        throw .totalMismatch(expected: expected, got: totalMinor)
    }

    private static func gross(of lines: [PricedLine]) throws(Refusal) -> [Int64] {
        var gross: [Int64] = []
        for (index, line) in lines.enumerated() {
            guard line.quantityMilli >= 0 else { throw .invalid("/lines/\(index)/qty_milli", code: "min") }
            gross.append(try line.price.gross(quantityMilli: line.quantityMilli))
        }
        return gross
    }

    /// Each line's own discount and its share of the document's (M2).
    private static func discounts(
        on lines: [PricedLine], gross: [Int64], document: Int64
    ) throws(Refusal) -> [Int64] {
        for (index, line) in lines.enumerated() where !(0...gross[index]).contains(line.discountMinor) {
            throw .invalid("/lines/\(index)/discount_minor", code: line.discountMinor < 0 ? "min" : "max")
        }
        let left = zip(gross, lines).map { $0 - $1.discountMinor }
        guard document >= 0 else { throw .invalid("discount_minor", code: "min") }
        let discountable = try sum(left)
        guard document <= discountable else { throw .invalid("discount_minor", code: "max") }
        let shares = Apportionment.shares(of: document, over: left)
        return zip(lines, shares).map { $0.discountMinor + $1 }
    }

    private static func tax(
        on net: [Int64], rates: [TaxRate], rounding: TaxRounding
    ) throws(Refusal) -> [Int64] {
        switch rounding {
        case .line:
            var tax: [Int64] = []
            for (net, rate) in zip(net, rates) { tax.append(try rate.tax(onNet: net)) }
            return tax
        case .document: return try documentTax(on: net, rates: rates)
        }
    }

    /// Rounds once per rate and divides the result among the lines of that rate by their nets (M3).
    private static func documentTax(on net: [Int64], rates: [TaxRate]) throws(Refusal) -> [Int64] {
        var tax = net.map { _ in Int64(0) }
        for (rate, positions) in Dictionary(grouping: net.indices, by: { rates[$0] }) {
            let nets = positions.map { net[$0] }
            let total = rate.tax(onNet: nets.reduce(Int128(0)) { $0 + Int128($1) })
            let shares = Apportionment.shares(of: try total.narrowed(), over: nets)
            for (position, share) in zip(positions, shares) { tax[position] = share }
        }
        return tax
    }

    private static func sum(_ amounts: [Int64]) throws(Refusal) -> Int64 {
        try amounts.reduce(Int128(0)) { $0 + Int128($1) }.narrowed()
    }
}
