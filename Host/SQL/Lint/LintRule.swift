/// What a schema may not have. The raw value is the stable id that `thorbis plugin explain` takes.
package enum LintRule: String, Hashable, Sendable, CaseIterable {
    case unsecuredTable = "TD1001"
    case missingPolicy = "TD1002"
    case keyNotLedByBusiness = "TD1003"
    case openView = "TD1004"
    case definerFunction = "TD1005"
    case volatilePolicy = "TD1006"
    case sortWithoutIndex = "TD1007"
    case deadIndex = "TD1008"
    case inexactMoney = "TD1009"
    case freeStatus = "TD1010"
    case powerfulRole = "TD1011"
    case tableWithoutBusiness = "TD1012"
    case unkeptWords = "TD1013"

    /// Whether only a live database can break it: no manifest asks for views, policies of its own or rights of the
    /// runtime role. All others are judged of the schemas that manifests want too, before they are made.
    package var isOfLiveSchemas: Bool { [.openView, .volatilePolicy, .powerfulRole].contains(self) }

    package var explanation: MigrationRule.Explanation {
        switch self {
        case .unsecuredTable:
            .init(
                why: "Without row-level security, forced on the owner too, one business reads the others' rows.",
                example: "CREATE TABLE hs.note (business_id uuid, …)",
                fix: "ALTER TABLE … ENABLE ROW LEVEL SECURITY; ALTER TABLE … FORCE ROW LEVEL SECURITY.")
        case .missingPolicy:
            .init(
                why: "One policy added later can open a table; the restrictive one beneath can't be opened.",
                example: "a table with CREATE POLICY … AS PERMISSIVE alone, or without WITH CHECK",
                fix: "Give the table a permissive and a restrictive policy, each with USING and WITH CHECK.")
        case .keyNotLedByBusiness:
            .init(
                why: "PostgreSQL checks keys past row-level security, so a key tells of other businesses' rows.",
                example: "UNIQUE (number)",
                fix: "Begin primary, foreign and unique keys with business_id.")
        case .openView:
            .init(
                why: "A view reads as its owner, unless it is told to read as whoever asks.",
                example: "CREATE VIEW hs.open_orders AS SELECT …",
                fix: "CREATE VIEW … WITH (security_invoker = true).")
        case .definerFunction:
            .init(
                why: "A SECURITY DEFINER function does for anybody what its owner may do.",
                example: "CREATE FUNCTION hs.all_orders() … SECURITY DEFINER",
                fix: "Use SECURITY INVOKER. Only the functions of thorbis_gate are meant to be otherwise.")
        case .volatilePolicy:
            .init(
                why: "A volatile function in a policy is called for every row and keeps indexes from being used.",
                example: "USING (business_id = hs.current_business())",
                fix: "Compare with (SELECT current_setting('thorbis.business_id', true))::uuid.")
        case .sortWithoutIndex:
            .init(
                why: "A list sorted by a column without an index reads all of a business's rows for each page.",
                example: "sorts: [created_at, number], and the index was dropped",
                fix: "CREATE INDEX CONCURRENTLY … (business_id, number, id).")
        case .deadIndex:
            .init(
                why: "An index that leaves out the rows that are in use is no index for those that people look at.",
                example: "CREATE INDEX … WHERE archived_at IS NOT NULL",
                fix: "Index all rows, or those WHERE archived_at IS NULL.")
        case .inexactMoney:
            .init(
                why: "Cents that are rounded by a number's format don't add up.",
                example: "total_minor numeric(12, 2), or total_minor: {type: text} in a manifest",
                fix: "Keep money as bigint in minor units: {type: money}; or give the field another name.")
        case .freeStatus:
            .init(
                why: "A status that no trigger guards can be set to anything by a statement that goes around the host.",
                example: "DROP TRIGGER work_order_status_step ON hs.work_order",
                fix: "Run `thorbis db migrate`; restore the trigger that `thorbis db plan --sql` shows for a new table."
            )
        case .powerfulRole:
            .init(
                why: "The role that serves requests must be bound by row-level security and make nothing.",
                example: "ALTER ROLE thorbis_app BYPASSRLS",
                fix: "Take the right away from thorbis_app.")
        case .tableWithoutBusiness:
            .init(
                why: "Rows of a plugin that belong to no business are everybody's.",
                example: "CREATE TABLE hs.setting (name text, value text)",
                fix: "Give the table a business_id and row-level security.")
        case .unkeptWords:
            .init(
                why: "`q=` finds words that triggers keep; without one of them it finds records by what they were.",
                example: "ALTER TABLE hs.work_order DISABLE TRIGGER work_order_words_step",
                fix: "Restore the trigger that `thorbis db plan --sql` shows for a new table, then leave `search` out "
                    + "in one migration with `--contract` and take it back in the next, which finds all words anew.")
        }
    }
}

/// One thing that is wrong with a schema.
package struct LintFinding: Hashable, Sendable, CustomStringConvertible {
    package let rule: LintRule
    /// The table, function, index or role: `hs.work_order`.
    package let object: String
    package let message: String

    package var description: String { "\(object): \(rule.rawValue): \(message)" }
}
