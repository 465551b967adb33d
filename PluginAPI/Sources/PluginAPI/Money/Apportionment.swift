/// The division of an amount into whole minor units by weight, with nothing lost or invented. Since 1.0.
public enum Apportionment {
    /// Rule M2: shares by largest remainder; of equal remainders the lower position wins.
    ///
    /// The shares add up to `total`, a weight of 0 gets 0, and no share exceeds its weight when `total` doesn't
    /// exceed the sum of the weights. Takes time n log n in the number of weights.
    ///
    /// - Parameters:
    ///   - total: Minor units to divide, not below 0; 0 when there is no weight above 0.
    ///   - weights: Not below 0, such as the gross amounts of the lines.
    public static func shares(of total: Int64, over weights: [Int64]) -> [Int64] {
        let sum = weights.reduce(Int128(0)) { $0 + Int128($1) }
        precondition(total >= 0 && weights.allSatisfy { $0 >= 0 }, "Shares and weights are not below 0.")
        precondition(sum > 0 || total == 0, "An amount needs a weight to go to.")
        guard sum > 0 else { return weights.map { _ in 0 } }

        let exact = weights.map { (Int128(total) * Int128($0)).quotientAndRemainder(dividingBy: sum) }
        var shares = exact.map { Int64($0.quotient) }  // At most `total`: it always fits.
        let left = Int(total - shares.reduce(0, +))  // Below the number of weights.
        let byRemainder = exact.indices.sorted {
            (exact[$1].remainder, $0) < (exact[$0].remainder, $1)
        }
        for position in byRemainder.prefix(left) { shares[position] += 1 }
        return shares
    }
}
