/// Spellings that are one slip away from a word: for words that no record has.
///
/// They are made for the question instead of being kept with every record: looking up a thousand spellings in the
/// B-tree takes milliseconds, and keeping the parts of each word would multiply what a record costs to write.
package enum SearchTypos {
    /// Shorter words have too many neighbours; longer ones are rare, and would make too many spellings.
    static let lengths = 4...15
    /// How many of the spellings that records have are looked for.
    package static let foundMax = 8

    private static let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")

    /// Two letters in the other order first, then another letter, one too few, one too many. None for a word that has a
    /// number's digits only, or is too short or too long; letters of other alphabets are never put in.
    package static func spellings(of word: String) -> [String] {
        let word = Array(word)
        guard lengths.contains(word.count), word.contains(where: \.isLetter) else { return [] }
        var spellings: [String] = []
        var seen: Set<String> = [String(word)]
        func add(_ spelling: String) {
            if seen.insert(spelling).inserted { spellings.append(spelling) }
        }
        for place in word.indices.dropLast() {
            var other = word
            other.swapAt(place, place + 1)
            add(String(other))
        }
        for skipped in [1, 0] {
            for place in word.indices {
                let (start, end) = (String(word[..<place]), String(word[(place + skipped)...]))
                for letter in letters { add(start + String(letter) + end) }
            }
        }
        // Without its last letter the word begins more than a slip explains.
        for place in word.indices.dropLast() { add(String(word[..<place]) + String(word[(place + 1)...])) }
        return spellings
    }
}
