// Products of money are computed in 128 bits, where two 64-bit factors always fit, and narrowed once at the end.

extension Int128 {
    /// The quotient, rounded to the nearest integer; halves go away from zero.
    ///
    /// - Parameter divisor: Positive.
    func quotientRoundingHalfAwayFromZero(by divisor: Int128) -> Int128 {
        precondition(divisor > 0, "A rounded quotient needs a positive divisor.")
        let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: divisor.magnitude)
        // `remainder >= divisor - remainder` instead of `2 * remainder >= divisor`: it can't overflow.
        let rounded = remainder >= divisor.magnitude - remainder ? quotient + 1 : quotient
        return self < 0 ? -Int128(rounded) : Int128(rounded)
    }

    /// The amount in 64 bits, as it is stored.
    ///
    /// - Throws: `amount_overflow` when it doesn't fit.
    func narrowed() throws(Refusal) -> Int64 {
        guard let amount = Int64(exactly: self) else { throw .amountOverflow }
        return amount
    }
}
