/// A tax rate in parts per million: 8.875 % is 88,750. Since 1.0.
public struct TaxRate: Hashable, Sendable {
    /// 0 to 10,000,000, which is 1,000 %.
    public let ppm: Int64

    /// No tax.
    public static let zero = TaxRate(unchecked: 0)

    /// Makes a rate.
    ///
    /// - Throws: `validation_failed` at `tax_rate_ppm` when out of bounds.
    public init(ppm: Int64) throws(Refusal) {
        guard (0...10_000_000).contains(ppm) else { throw .invalid("tax_rate_ppm", code: ppm < 0 ? "min" : "max") }
        self.ppm = ppm
    }

    private init(unchecked ppm: Int64) {
        self.ppm = ppm
    }

    /// Rule M3: the tax that comes on top of a net amount, rounded half away from zero.
    ///
    /// - Throws: `amount_overflow`.
    public func tax(onNet net: Int64) throws(Refusal) -> Int64 {
        try tax(onNet: Int128(net)).narrowed()
    }

    /// Rule M4: the tax within a gross amount; the net is what is left of it.
    ///
    /// The net is never rounded on its own and multiplied again: that loses or invents a minor unit.
    public func split(gross: Int64) -> (net: Int64, tax: Int64) {
        let product = Int128(gross) * Int128(ppm)
        // Not larger than `gross` in magnitude, because the rate is at least 0: it always fits.
        let tax = Int64(product.quotientRoundingHalfAwayFromZero(by: 1_000_000 + Int128(ppm)))
        return (gross - tax, tax)
    }

    /// The tax on a sum of nets, which may be wider than 64 bits until the whole document is added up.
    func tax(onNet net: Int128) -> Int128 {
        (net * Int128(ppm)).quotientRoundingHalfAwayFromZero(by: 1_000_000)
    }
}
