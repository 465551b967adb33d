/// Who may touch which rows of a table.
struct AccessDDL {
    let table: RecordTable

    init(_ table: RecordTable) {
        self.table = table
    }

    /// The form is provable by machine, and a transaction without a business sees no row or fails: `''` is no UUID.
    private static let ownBusiness = "business_id = (SELECT current_setting('thorbis.business_id', true))::uuid"

    /// Row-level security that binds the owner too.
    ///
    /// The restrictive policy says the same again: a permissive policy added later can't open the table.
    var policies: [NamedDefinition] {
        let rule = "FOR ALL TO PUBLIC USING (\(Self.ownBusiness)) WITH CHECK (\(Self.ownBusiness))"
        return [("tenant", "PERMISSIVE"), ("tenant_floor", "RESTRICTIVE")].map { name, kind in
            NamedDefinition(name: name, definition: "CREATE POLICY \(name) ON \(table.name) AS \(kind) \(rule)")
        }
    }

    /// The rights of the role that requests run as.
    ///
    /// Lines of a draft are replaced; every other record stays for good.
    var rights: String { table.parentColumn == nil ? "SELECT, INSERT, UPDATE" : "SELECT, INSERT, UPDATE, DELETE" }
}
