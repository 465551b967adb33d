/// One line of a document, before anything is computed. Since 1.0.
public struct PricedLine: Hashable, Sendable {
    /// Thousandths of the item's unit, not below 0.
    public let quantityMilli: Int64
    /// The price of one unit.
    public let price: UnitPrice
    /// The tax on top of the net.
    public let taxRate: TaxRate
    /// What this line is reduced by, before the document's discount; minor units, 0 to the line's gross.
    public let discountMinor: Int64

    /// Makes a line; ``DocumentTotals`` checks it together with the others.
    public init(quantityMilli: Int64, price: UnitPrice, taxRate: TaxRate, discountMinor: Int64 = 0) {
        self.quantityMilli = quantityMilli
        self.price = price
        self.taxRate = taxRate
        self.discountMinor = discountMinor
    }
}

/// The amounts of one line, in minor units, none of them below 0. Since 1.0.
public struct LineTotals: Hashable, Sendable {
    /// Quantity times price.
    public let grossMinor: Int64
    /// The line's own discount and its share of the document's.
    public let discountMinor: Int64
    /// Gross less discount.
    public let netMinor: Int64
    /// The line's tax; with tax rounded per document, its share of that.
    public let taxMinor: Int64
    /// Net and tax.
    public let totalMinor: Int64
}

/// Where the tax of a document is rounded. Since 1.0.
public enum TaxRounding: String, Hashable, Sendable, CaseIterable {
    /// Each line's tax is rounded, then added up.
    case line
    /// The nets of one rate are added up, their tax is rounded once and divided among the lines.
    case document
}
