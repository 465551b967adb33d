/// The SQL text of a search within a list.
struct SearchText {
    let search: SearchDDL

    /// The characters of a word that count; a record's words are cut there too.
    static let wordLengthMax = 40

    /// Beginnings as ranges `p`: two arrays in step.
    static func ranges(_ low: String, _ high: String) -> String {
        "unnest(\(low)::text[], \(high)::text[]) AS p(low, high)"
    }

    /// The entries `x` of an entity in ranges, read from the words' key: looked up for each range (`OFFSET 0`), where a
    /// join could read all of the entity's words and compare them.
    static func entries(of entity: String, _ low: String, _ high: String) -> String {
        "\(ranges(low, high)), LATERAL (SELECT e.record_id FROM \(SearchDDL.words) e "
            + "WHERE e.entity = \(SQLName.literal(entity)) AND e.word >= p.low AND e.word < p.high OFFSET 0) x"
    }

    /// The records of a term, and no others: what filters and order then apply to. In a row of its own (`OFFSET 0`), so
    /// that no filter's index is preferred to the primary key.
    func source(_ low: String, _ high: String) -> String {
        "(SELECT * FROM \(search.quotedTable) c WHERE c.\"id\" = ANY (ARRAY(\(ids(low, high)))) OFFSET 0) t"
    }

    /// As a subplan that PostgreSQL hashes: the LIMIT tells it that the ids fit, `IS TRUE` that it is no join. A word
    /// may have got a few entries more since it was counted.
    func sifting(_ low: String, _ high: String) -> String {
        "(t.\"id\" IN (\(ids(low, high)) LIMIT \(SearchPlan.siftedMax + 10_000))) IS TRUE"
    }

    func comparing(_ low: String, _ high: String) -> String {
        "EXISTS (SELECT FROM unnest(\(search.words(of: "t"))) AS w(word), \(Self.ranges(low, high)) "
            + "WHERE w.word COLLATE \"C\" >= p.low AND w.word COLLATE \"C\" < p.high)"
    }

    private func ids(_ low: String, _ high: String) -> String {
        "SELECT x.record_id FROM \(Self.entries(of: search.search.entity, low, high))"
    }
}
