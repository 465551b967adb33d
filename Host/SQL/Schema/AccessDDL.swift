/// Who may touch which rows of a table.
struct AccessDDL {
    let table: RecordTable

    init(_ table: RecordTable) {
        self.table = table
    }

    /// The form is provable by machine, and a transaction without a business sees no row or fails: `''` is no UUID.
    private static let ownBusiness = "business_id = (SELECT current_setting('thorbis.business_id', true))::uuid"

    /// Row-level security that binds the owner too, and the rights of the role that requests run as.
    ///
    /// The restrictive policy says the same again: a permissive policy added later can't open the table.
    var statements: [String] {
        let rule = "FOR ALL TO PUBLIC USING (\(Self.ownBusiness)) WITH CHECK (\(Self.ownBusiness))"
        // Lines of a draft are replaced; every other record stays for good.
        let rights = table.parentColumn == nil ? "SELECT, INSERT, UPDATE" : "SELECT, INSERT, UPDATE, DELETE"
        return [
            "ALTER TABLE \(table.name) ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE \(table.name) FORCE ROW LEVEL SECURITY",
            "CREATE POLICY tenant ON \(table.name) AS PERMISSIVE \(rule)",
            "CREATE POLICY tenant_floor ON \(table.name) AS RESTRICTIVE \(rule)",
            "GRANT \(rights) ON \(table.name) TO \(SchemaDDL.role)",
        ]
    }
}
