package import HostModel

/// What a search looks for, and how: made by ``plan(_:)`` from counts that the database gave, before the list itself is
/// asked for.
///
/// The choice is ours and not PostgreSQL's, which knows how often a word is in all businesses together.
package struct SearchPlan: Hashable, Sendable {
    package static let termCountMax = 8
    /// The most records that are fetched and sorted for a page.
    static let collectedMax: Int64 = 4_000
    /// The most entries of a word that are read into memory to sift a list with. Counts go no further.
    package static let siftedMax: Int64 = 50_000

    /// How a term narrows the list.
    enum Role: Hashable, Sendable {
        /// Its records are fetched, and nothing else. One term at most.
        case collected
        /// Its records' ids are read at once, and each row is looked up among them.
        case sifted
        /// The words of each row are made anew and compared: for words that so many records have that a page is soon
        /// full, or where only few rows are left.
        case compared
    }

    let terms: [SearchTerm]
    let roles: [Role]

    /// - Parameter counts: Each term with the number of entries that it has, up to ``siftedMax`` and one.
    package static func plan(_ counts: [(term: SearchTerm, count: Int64)]) -> SearchPlan {
        let rarest = counts.indices.min { counts[$0].count < counts[$1].count } ?? 0
        let least = counts.isEmpty ? 0 : counts[rarest].count
        let isCollected = least <= collectedMax
        let roles = counts.indices.map { place -> Role in
            if place == rarest, isCollected { return .collected }
            // Comparing a row takes as long as reading about forty entries.
            guard counts[place].count <= siftedMax, !isCollected || counts[place].count <= least * 40 else {
                return .compared
            }
            return .sifted
        }
        return SearchPlan(terms: counts.map(\.term), roles: roles)
    }

    /// In the order of the conditions' parameters.
    var parameters: [SQLParameter] { terms.flatMap(\.ranges) }

    /// - Throws: `validation_failed` for no words, or too many.
    package static func check(_ tokens: [String]) throws(Problem) {
        guard (1...termCountMax).contains(tokens.count) else {
            let fault = tokens.isEmpty ? tooShort : tooMany
            throw Problem(.validationFailed, "The list can't be made as asked.", faults: [fault])
        }
    }

    /// What is wrong with a search before its words are known; nil for one that can be asked.
    static func fault(_ text: String) -> Problem.Fault? {
        var (characters, words, isInWord) = (0, 0, false)
        for character in text {
            let isPart = character.isLetter || character.isNumber
            if isPart { characters += 1 }
            if isPart, !isInWord { words += 1 }
            isInWord = isPart || (isInWord && (character == "'" || character == "’"))
        }
        return characters < 2 ? tooShort : words > termCountMax ? tooMany : nil
    }

    private static let tooShort = Problem.Fault(
        path: "q", code: "too_short", detail: "q has at least two letters or digits.")
    private static let tooMany = Problem.Fault(
        path: "q", code: "too_many", detail: "q has at most \(termCountMax) words.")
}
