package import HostModel

/// The questions that come before a searched list. All are read in ranges of the words' key.
struct SearchStatements: Sendable {
    let tokens: SQLStatement
    let count: SQLStatement
    let spellings: SQLStatement

    /// Nil for an entity that isn't searched.
    init?(_ table: RecordTable) {
        guard let search = SearchModel(table) else { return nil }
        tokens = SQLStatement(
            name: "search.tokens",
            text: "SELECT left(w.word, \(SearchText.wordLengthMax)) FROM unnest(search.tokens($1::text)) "
                + "WITH ORDINALITY w(word, place) ORDER BY w.place LIMIT \(SearchPlan.termCountMax + 1)")
        count = SQLStatement(
            name: SQLName.fitted(search.entity + ".words"),
            text: "SELECT count(*)::text FROM (SELECT FROM \(SearchText.entries(of: search.entity, "$1", "$2")) "
                + "LIMIT \(SearchPlan.siftedMax + 1)) c")
        // The LIMIT keeps it a look for each spelling; as a join it could become one over all words.
        spellings = SQLStatement(
            name: SQLName.fitted(search.entity + ".spellings"),
            text: "SELECT p.low FROM unnest($1::text[], $2::text[]) WITH ORDINALITY p(low, high, place) "
                + "WHERE (SELECT true FROM \(SearchDDL.words) e WHERE e.entity = \(SQLName.literal(search.entity)) "
                + "AND e.word >= p.low AND e.word < p.high LIMIT 1) "
                + "ORDER BY p.place LIMIT \(SearchTypos.foundMax)")
    }
}

extension EntityPlan {
    /// Takes the words of `q` apart. Rows, one more than ``SearchPlan/termCountMax`` at most: a word.
    ///
    /// - Returns: Nil for an entity that isn't searched.
    package func tokens(of text: String) -> SQLCommand? {
        searches.map { SQLCommand($0.tokens, [text]) }
    }

    /// Counts the entries of each term, up to ``SearchPlan/siftedMax`` and one. A command for each; row: the count.
    package func counts(of terms: [SearchTerm]) -> [SQLCommand] {
        guard let searches else { return [] }
        return terms.map { SQLCommand(searches.count, $0.ranges) }
    }

    /// Looks for spellings near a word that records have. Rows, in the order of ``SearchTypos/spellings(of:)``, at most
    /// ``SearchTypos/foundMax``: the spelling.
    ///
    /// - Returns: Nil for a word that has no such spellings.
    package func spellings(near word: String) -> SQLCommand? {
        let spellings = SearchTypos.spellings(of: word)
        guard let searches, !spellings.isEmpty else { return nil }
        return SQLCommand(searches.spellings, SearchTerm(word: word, beginnings: spellings).ranges)
    }
}
