package import HostManifest
package import HostModel

/// The numbers of an entity's sequence field: a row of `businesses.series` for each business.
package struct NumberText: Hashable, Sendable {
    /// `core.invoice`: the key of the row.
    package let key: String
    /// `INV-`.
    package let prefix: String
    package let hasGaps: Bool
    /// The field's name, and its column's.
    package let field: String

    /// Numbers have at least so many digits.
    package static let digitsMin = 6

    /// Nil for an entity without a sequence field.
    package init?(_ entity: Entity, of reference: EntityReference) {
        for field in entity.fields {
            guard case .sequence(let prefix, let hasGaps) = field.type else { continue }
            key = reference.description
            self.prefix = prefix
            self.hasGaps = hasGaps
            self.field = field.column
            return
        }
        return nil
    }

    /// Takes a number: `next` is the one after it. The row stays locked until the transaction ends.
    ///
    /// - Parameters:
    ///   - source: A select of business, key, prefix, 2.
    private static func taking(_ source: String) -> String {
        "INSERT INTO businesses.series AS held (business_id, key, prefix, next) \(source) "
            + "ON CONFLICT (business_id, key) DO UPDATE SET next = held.next + 1 "
            + "RETURNING held.prefix || lpad((held.next - 1)::text, "
            + "greatest(\(digitsMin), length((held.next - 1)::text)), '0') AS number"
    }

    /// Row: the number as text. Parameters: key, prefix.
    package static let take = SQLStatement(
        name: "series.take", text: taking("VALUES (\(AuditText.business), $1, $2, 2)"), effect: .none)

    /// A common table expression `numbered` that takes a number unless the document has one.
    func numbered(document: Int) -> String {
        let given = "coalesce($\(document)::jsonb ->> \(SQLName.literal(field)), '') <> ''"
        let values = SQLName.literals([key, prefix])
        return "numbered AS (" + Self.taking("SELECT \(AuditText.business), \(values), 2 WHERE NOT (\(given))") + ")"
    }

    /// The number of the record: the document's own, or the one taken. Over the row `n` of the document.
    var value: String { "coalesce(n.\(SQLName.quoted(field)), (SELECT k.number FROM numbered k))" }

    // MARK: Many at once

    /// The name of a value that stands beside a record's columns: capitals, which no column has.
    static func given(_ name: String) -> String { SQLName.quoted(name) }

    /// Common table expressions `given`, the rows of a source with their `Rank` among those that need a number, and
    /// `numbered`, which takes as many numbers in one step.
    ///
    /// - Parameter source: A table expression `g` with the records' columns and `No`.
    func numberedMany(_ source: String) -> String {
        let needs = "coalesce(g.\(SQLName.quoted(field)), '') = ''"
        let values = SQLName.literals([key, prefix])
        let (total, rank) = (Self.given("Total"), Self.given("Rank"))
        return "given AS MATERIALIZED (SELECT g.*, count(*) FILTER (WHERE \(needs)) OVER () AS \(total), "
            + "count(*) FILTER (WHERE \(needs)) OVER (ORDER BY g.\(Self.given("No"))) AS \(rank) FROM \(source)), "
            + "numbered AS (INSERT INTO businesses.series AS held (business_id, key, prefix, next) "
            + "SELECT \(AuditText.business), \(values), 1 + g.\(total) FROM given g WHERE g.\(total) > 0 LIMIT 1 "
            + "ON CONFLICT (business_id, key) DO UPDATE SET next = held.next + excluded.next - 1 "
            + "RETURNING held.prefix, held.next)"
    }

    /// The number of one of them, in the order of the file. Over `given` as `g`.
    var valueOfMany: String {
        let number = "(k.next - g.\(Self.given("Total")) + g.\(Self.given("Rank")) - 1)::text"
        let text = "k.prefix || lpad(\(number), greatest(\(Self.digitsMin), length(\(number))), '0')"
        return "coalesce(nullif(g.\(SQLName.quoted(field)), ''), (SELECT \(text) FROM numbered k))"
    }
}
