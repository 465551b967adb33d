import HostManifest

/// The SQL text of spans that don't overlap.
struct ExclusionText {
    let exclusion: Entity.Exclusion
    let table: RecordTable

    init(_ exclusion: Entity.Exclusion, of table: RecordTable) {
        self.exclusion = exclusion
        self.table = table
    }

    /// Led by the business: PostgreSQL checks it past row-level security.
    var definition: String {
        let same = (["business_id"] + exclusion.resources.map(SQLName.quoted)).map { "\($0) WITH =" }
        let condition = exclusion.condition.map { " WHERE (\(ExpressionText().sql($0)))" } ?? ""
        return "EXCLUDE USING gist (\(same.joined(separator: ", ")), \(range()) WITH &&)\(condition)"
    }

    /// The span of a row; `[)` lets one begin where another ends.
    func range(_ row: String? = nil) -> String {
        let prefix = row.map { $0 + "." } ?? ""
        // As it is stored, a period ends before its end too.
        if exclusion.span == .period { return prefix + SQLName.quoted(exclusion.from) }
        let function = exclusion.span == .dates ? "daterange" : "tstzrange"
        return "\(function)(\(prefix)\(SQLName.quoted(exclusion.from)), \(prefix)\(SQLName.quoted(exclusion.to)), '[)')"
    }

    /// The start of a row's span; NULL for an open one.
    func start(_ row: String) -> String {
        let column = "\(row).\(SQLName.quoted(exclusion.from))"
        return exclusion.span == .period ? "lower(\(column))" : column
    }

    /// The end of a row's span; NULL for an open one.
    func end(_ row: String) -> String {
        let column = "\(row).\(SQLName.quoted(exclusion.to))"
        return exclusion.span == .period ? "upper(\(column))" : column
    }

    /// Lets writers of one resource wait for each other before they store anything.
    ///
    /// Two that store overlapping spans at once would each wait for the other to commit, and PostgreSQL would end one
    /// of them as a deadlock after a second, instead of telling it who has the time.
    var queue: NamedDefinition {
        let name = ConstraintNames(table).trigger(exclusion.id + "_queue")
        let condition = exclusion.condition.map { " WHEN (\(ExpressionText(of: "NEW").sql($0)))" } ?? ""
        let arguments = [table.reference.description, exclusion.id] + exclusion.resources
        return NamedDefinition(
            name: name,
            definition: "CREATE TRIGGER \(SQLName.quoted(name)) BEFORE INSERT OR UPDATE ON \(table.name) "
                + "FOR EACH ROW\(condition) EXECUTE FUNCTION \(SQLName.quoted(table.schema)).queue"
                + "(\(SQLName.literals(arguments)))")
    }
}

extension FunctionModel {
    /// Takes the lock of a row's resources until the transaction ends; the trigger's arguments from the third on are
    /// their columns. Two resources with one hash only wait longer than they must.
    static func queue(in schema: String) -> FunctionModel {
        let function = "\(SQLName.quoted(schema)).queue()"
        let definition = """
            CREATE FUNCTION \(function) RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER
            SET search_path = pg_catalog, pg_temp AS $$
            DECLARE
                named jsonb := to_jsonb(NEW);
                key text := TG_ARGV[0] || ' ' || TG_ARGV[1] || ' ' || NEW.business_id;
            BEGIN
                FOR i IN 2 .. TG_NARGS - 1 LOOP
                    key := key || ' ' || coalesce(named ->> TG_ARGV[i], '');
                END LOOP;
                PERFORM pg_advisory_xact_lock(hashtextextended(key, 0));
                RETURN NEW;
            END
            $$
            """
        return FunctionModel(
            name: "queue()", definition: definition, rights: ["REVOKE ALL ON FUNCTION \(function) FROM PUBLIC"])
    }
}
