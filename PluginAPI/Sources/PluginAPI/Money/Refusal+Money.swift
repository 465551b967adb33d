extension Refusal {
    /// An amount doesn't fit into 64 bits of minor units. Since 1.0.
    public static var amountOverflow: Refusal {
        Refusal(code: "amount_overflow", message: "An amount is too large. Split the document.")
    }

    /// The total that the client expected isn't the one that the server computed. Since 1.0.
    public static func totalMismatch(expected: Int64, got: Int64) -> Refusal {
        Refusal(
            code: "total_mismatch",
            message: "The total is \(got), not \(expected). Show the new total, then send it as the expected one.",
            details: ["expected": .int(expected), "got": .int(got)])
    }
}
