/// Finds out which byte separates the values of a CSV file, from its first line.
struct DelimiterGuess: Sendable {
    /// In the order in which they win when they come equally often.
    static let candidates: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    /// A first line that is longer is judged by its beginning.
    static let bytesMax = 65_536

    private var counts = [0, 0, 0]
    private var isQuoted = false
    private var taken = 0
    /// Whether the first line has ended.
    private(set) var isDone = false

    mutating func take(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if isDone { return }
            taken += 1
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): isDone = !isQuoted && taken > 1
            default:
                if !isQuoted, let candidate = Self.candidates.firstIndex(of: byte) { counts[candidate] += 1 }
            }
            if taken >= Self.bytesMax { isDone = true }
        }
    }

    /// The most frequent one outside of quotes; a comma for a single column.
    var delimiter: UInt8 {
        let most = counts.max() ?? 0
        return Self.candidates[counts.firstIndex(of: most) ?? 0]
    }
}
