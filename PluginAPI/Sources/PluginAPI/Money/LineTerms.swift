/// What a client says of a line's terms; it may leave everything to a catalogue item. Since 1.0.
public struct StatedTerms: Hashable, Sendable {
    /// What the line is for.
    public let description: String?
    /// The price of one unit, read together with ``priceScale``.
    public let unitPriceMinor: Int64?
    /// Digits of the price behind the minor unit, 0 to 4; only with a price.
    public let priceScale: Int64?
    /// The tax on top, in parts per million.
    public let taxRatePPM: Int64?

    /// Takes what an input's line has.
    public init(description: String?, unitPriceMinor: Int64?, priceScale: Int64?, taxRatePPM: Int64?) {
        self.description = description
        self.unitPriceMinor = unitPriceMinor
        self.priceScale = priceScale
        self.taxRatePPM = taxRatePPM
    }
}

/// The complete terms of a line or of a catalogue item. Since 1.0.
public struct LineTerms: Hashable, Sendable {
    /// What it is, never empty when it comes from an input.
    public let description: String
    /// The price of one unit.
    public let price: UnitPrice
    /// The tax on top.
    public let taxRate: TaxRate

    /// States all terms, such as those of a catalogue item.
    public init(description: String, price: UnitPrice, taxRate: TaxRate) {
        self.description = description
        self.price = price
        self.taxRate = taxRate
    }

    /// Rule M7: copies from the item what the client left out, so that later changes of the catalogue change no line.
    ///
    /// Without an item the description and the price must be stated, and no rate means no tax. A stated price brings
    /// its own scale, 0 when left out: mixing it with the item's scale would shift the decimal point.
    ///
    /// - Parameters:
    ///   - stated: The client's line.
    ///   - item: The terms of the catalogue item that it names.
    ///   - index: The line's place in the input, from 0.
    /// - Throws: `validation_failed` at `/lines/N/…`.
    public init(_ stated: StatedTerms, copyingFrom item: LineTerms?, line index: Int) throws(Refusal) {
        guard let description = stated.description ?? item?.description else {
            throw .invalid("/lines/\(index)/description", code: "required")
        }
        self.description = description
        if let minor = stated.unitPriceMinor {
            price = try UnitPrice(minor: minor, scale: stated.priceScale ?? 0)
        } else if let item, stated.priceScale == nil {
            price = item.price
        } else {
            throw .invalid("/lines/\(index)/unit_price_minor", code: "required")
        }
        if let ppm = stated.taxRatePPM {
            taxRate = try TaxRate(ppm: ppm)
        } else {
            taxRate = item?.taxRate ?? .zero
        }
    }

    /// The same terms for someone who pays no tax.
    public func untaxed() -> LineTerms {
        LineTerms(description: description, price: price, taxRate: .zero)
    }

    /// A line of this many thousandths of the unit.
    public func line(quantityMilli: Int64) -> PricedLine {
        PricedLine(quantityMilli: quantityMilli, price: price, taxRate: taxRate)
    }
}
