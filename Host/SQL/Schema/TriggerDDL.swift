import HostManifest
import HostModel

/// Triggers that refuse what no statement of the host does: the last line behind the code.
///
/// The rules stand in the triggers' WHEN, which costs next to nothing; the function is called only to refuse.
struct TriggerDDL {
    let table: RecordTable

    init(_ table: RecordTable) {
        self.table = table
    }

    /// The function of a schema: raises its trigger's name as constraint, with the SQLSTATE that it is given.
    static func functions(in plugin: PluginID) -> [FunctionModel] {
        let function = "\(SQLName.quoted(plugin.description)).refuse()"
        let definition = """
            CREATE FUNCTION \(function) RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER
            SET search_path = pg_catalog, pg_temp AS $$
            BEGIN
                RAISE EXCEPTION '%', TG_ARGV[1] USING ERRCODE = TG_ARGV[0], CONSTRAINT = TG_NAME,
                    SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
            END
            $$
            """
        let rights = ["REVOKE ALL ON FUNCTION \(function) FROM PUBLIC"]
        return [FunctionModel(name: "refuse()", definition: definition, rights: rights)]
    }

    var triggers: [NamedDefinition] {
        [
            trigger(
                "version_start", "INSERT", "NEW.version <> 1 AND \(Self.isNoRestore)", SQLState.wrongVersion,
                "a record starts at version 1"),
            trigger(
                "version_step", "UPDATE", "NEW.version <> OLD.version + 1", SQLState.wrongVersion,
                "a version counts up by one"),
            trigger("identity", "UPDATE", identityChange, SQLState.fixedColumn, "a record keeps its identity"),
        ] + statusTriggers + table.entity.exclusions.map { ExclusionText($0, of: table).queue }
    }

    /// A business that is brought back comes as it was; the role for that exists within one transaction only.
    private static let isNoRestore = "current_user <> 'thorbis_restore'"

    private var statusTriggers: [NamedDefinition] {
        guard let states = table.entity.states else { return [] }
        let column = SQLName.quoted(states.field)
        let edges = states.transitions.flatMap { transition in
            transition.from.map { "(\(SQLName.literal($0)), \(SQLName.literal(transition.to)))" }
        }
        let undeclared =
            edges.isEmpty ? "true" : "(OLD.\(column), NEW.\(column)) NOT IN (\(edges.joined(separator: ", ")))"
        return [
            trigger(
                "status_start", "INSERT", "NEW.\(column) <> \(SQLName.literal(states.initial)) AND \(Self.isNoRestore)",
                SQLState.undeclaredTransition, "a record starts in its initial status"),
            trigger(
                "status_step", "UPDATE", "OLD.\(column) <> NEW.\(column) AND \(undeclared)",
                SQLState.undeclaredTransition, "a status changes by declared transitions"),
            history(states),
        ]
    }

    /// A status that changes has its row in the history when the statement ends, with a reason where one is declared.
    private func history(_ states: StateMachine) -> NamedDefinition {
        let name = ConstraintNames(table).trigger("status_history")
        let column = SQLName.quoted(states.field)
        let arguments = [
            table.reference.description, states.field, Self.ways(states) { !$0.needsReason },
            Self.ways(states) { $0.needsReason },
        ]
        return NamedDefinition(
            name: name,
            definition: "CREATE TRIGGER \(SQLName.quoted(name)) AFTER UPDATE ON \(table.name) FOR EACH ROW "
                + "WHEN (OLD.\(column) <> NEW.\(column)) "
                + "EXECUTE FUNCTION states.expect_history(\(SQLName.literals(arguments)))")
    }

    /// `hold|scheduled|on_hold,…`, as `states.expect_history` takes them.
    private static func ways(
        _ states: StateMachine, _ isWanted: (StateMachine.Transition) -> Bool
    ) -> String {
        states.transitions.filter(isWanted).flatMap { transition in
            transition.from.map { "\(transition.name)|\($0)|\(transition.to)" }
        }.joined(separator: ",")
    }

    private var identityChange: String {
        let columns = ["business_id", "id", "created_at", "created_by"] + (table.parentColumn.map { [$0] } ?? [])
        func row(_ alias: String) -> String { columns.map { "\(alias).\(SQLName.quoted($0))" }.joined(separator: ", ") }
        return "(\(row("NEW"))) IS DISTINCT FROM (\(row("OLD")))"
    }

    private func trigger(
        _ rule: String, _ event: String, _ condition: String, _ sqlState: String, _ message: String
    ) -> NamedDefinition {
        let name = ConstraintNames(table).trigger(rule)
        let function = "\(SQLName.quoted(table.schema)).refuse"
        return NamedDefinition(
            name: name,
            definition: "CREATE TRIGGER \(SQLName.quoted(name)) BEFORE \(event) ON \(table.name) FOR EACH ROW "
                + "WHEN (\(condition)) EXECUTE FUNCTION \(function)(\(SQLName.literals([sqlState, message])))")
    }
}
