/// Finds what somebody probably meant to write.
enum NearestName {
    /// The name with the fewest single-character edits; nil when too many would be needed.
    ///
    /// Two edits are always allowed in words of four letters and more, because two swapped letters count as two.
    static func nearest(to word: String, among names: some Sequence<String>) -> String? {
        let lowered = Array(word.lowercased().utf8)
        let measured = names.map { (name: $0, distance: distance(lowered, Array($0.lowercased().utf8))) }
        guard let best = measured.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) else { return nil }
        return best.distance <= (lowered.count < 4 ? 1 : max(2, lowered.count / 3)) ? best.name : nil
    }

    /// Levenshtein's distance with one row of memory.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, leftByte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, rightByte) in right.enumerated() {
                let substituted = diagonal + (leftByte == rightByte ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
