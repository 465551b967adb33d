/// The price of one unit, finer than a minor unit when it must be. Since 1.0.
///
/// The price is `minor / 10^scale` minor units: $0.89404 is `UnitPrice(minor: 89_404, scale: 3)` in US cents.
public struct UnitPrice: Hashable, Sendable {
    /// The digits of the price, not below 0.
    public let minor: Int64
    /// How many of the digits stand behind the minor unit, 0 to 4.
    public let scale: Int64

    /// Makes a price.
    ///
    /// - Throws: `validation_failed` at `unit_price_minor` or `price_scale` when out of bounds.
    public init(minor: Int64, scale: Int64 = 0) throws(Refusal) {
        guard minor >= 0 else { throw .invalid("unit_price_minor", code: "min") }
        guard (0...4).contains(scale) else { throw .invalid("price_scale", code: scale < 0 ? "min" : "max") }
        self.minor = minor
        self.scale = scale
    }

    /// Rule M1: quantity times price in minor units, rounded once, halves away from zero.
    ///
    /// - Parameter quantityMilli: Thousandths of the item's unit; negative for something taken back.
    /// - Throws: `amount_overflow`.
    public func gross(quantityMilli: Int64) throws(Refusal) -> Int64 {
        let divisor: Int128 = [1_000, 10_000, 100_000, 1_000_000, 10_000_000][Int(scale)]
        let product = Int128(quantityMilli) * Int128(minor)
        return try product.quotientRoundingHalfAwayFromZero(by: divisor).narrowed()
    }
}
