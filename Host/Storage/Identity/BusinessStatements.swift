import HostModel
import HostPostgres

/// The SQL of businesses.
enum BusinessStatements {
    /// One row for a name that PostgreSQL knows.
    static let timeZone = SQLStatement(
        name: "business.time_zone", text: "SELECT name FROM pg_catalog.pg_timezone_names WHERE name = $1")

    static let enrol = SQLStatement(
        name: "business.enrol", text: "SELECT auth.enrol($1::uuid, $2::text, $3::text, $4::text)::text")

    static let insert = SQLStatement(
        name: "business.insert",
        text: """
            INSERT INTO businesses.business (id, name, industry, currency, time_zone, country)
            VALUES ($1::uuid, $2, $3, $4, $5, $6)
            """)

    static let join = SQLStatement(
        name: "business.join",
        text: """
            INSERT INTO users.membership (business_id, user_id, roles)
            VALUES (\(RowSecurity.currentBusiness), $1::uuid, ARRAY[$2::text])
            """)

    static let facts = SQLStatement(
        name: "business.facts",
        text: "SELECT name, industry, currency, time_zone, country, tier FROM businesses.business", effect: .none)

    static let setTier = SQLStatement(
        name: nil, text: "UPDATE businesses.business SET tier = $2 WHERE id = $1::uuid RETURNING id::text")
}

extension BusinessFacts {
    /// Reads the row of `BusinessStatements.facts`; nil without one.
    init?(_ rows: Rows, of business: BusinessID) {
        guard rows.count == 1, let tier = rows.text(0, 5).flatMap(Tier.init(rawValue:)) else { return nil }
        func text(_ column: Int) -> String { rows.text(0, column) ?? "" }
        self.init(
            id: business, name: text(0), industry: text(1), currency: text(2), timeZone: text(3), country: text(4),
            tier: tier)
    }
}
