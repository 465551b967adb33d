/// The statements that close a table to every business but the current one.
///
/// The form of the policy is the one that a solver can prove (no `nullif`, no function of ours); a setting that was
/// never made reads as NULL and gives no rows, one that was reset reads as `''` and fails the cast: never all rows.
enum RowSecurity {
    static let currentBusiness = "(select current_setting('thorbis.business_id', true))::uuid"

    /// For a table that nobody reads before the business is known.
    static func closed(_ table: String, by column: String = "business_id") -> [String] {
        forced(table) + tenantPolicies(table, column: column, roles: "PUBLIC")
    }

    /// For a table that a gate function reads before the business is known.
    ///
    /// A restrictive policy for PUBLIC would blind the gate too, so here both name the roles they hold for. Any other
    /// role has neither a grant nor a policy.
    static func gated(_ table: String) -> [String] {
        forced(table) + tenantPolicies(table, column: "business_id", roles: "thorbis_app, thorbis_owner") + [
            gate(table)
        ]
    }

    /// For a table whose rows the operator changes for all businesses at once: closed to the host, open to the owner.
    static func rewrapped(_ table: String) -> [String] {
        forced(table) + tenantPolicies(table, column: "business_id", roles: "thorbis_app") + [
            "CREATE POLICY owner ON \(table) AS PERMISSIVE TO thorbis_owner USING (true) WITH CHECK (true)"
        ]
    }

    /// For a table of the platform's own identities, without `business_id`: seen by the gate functions only.
    static func identity(_ table: String) -> [String] {
        forced(table) + [gate(table)]
    }

    private static func forced(_ table: String) -> [String] {
        ["ALTER TABLE \(table) ENABLE ROW LEVEL SECURITY", "ALTER TABLE \(table) FORCE ROW LEVEL SECURITY"]
    }

    private static func tenantPolicies(_ table: String, column: String, roles: String) -> [String] {
        let rule = "\(column) = \(currentBusiness)"
        return [
            "CREATE POLICY tenant ON \(table) AS PERMISSIVE TO \(roles) USING (\(rule)) WITH CHECK (\(rule))",
            "CREATE POLICY tenant_floor ON \(table) AS RESTRICTIVE TO \(roles) USING (\(rule)) WITH CHECK (\(rule))",
        ]
    }

    private static func gate(_ table: String) -> String {
        "CREATE POLICY gate ON \(table) AS PERMISSIVE TO thorbis_gate USING (true) WITH CHECK (true)"
    }
}
