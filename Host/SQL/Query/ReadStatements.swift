package import HostModel

/// The statements that read one record.
struct ReadStatements: Sendable {
    let read: ScopedStatement
    let lock: ScopedStatement
    /// Nil for a table without sensitive columns.
    let secrets: ScopedStatement?
    private let form: RecordForm
    private let source: String
    private let kept: KeptStatements<Shape>

    /// A read of some members or with includes, without its values.
    private struct Shape: Hashable, Sendable {
        let selection: RecordSelection
        let isOwn: Bool
    }

    /// By external id, whoever may reach it: a change decides about that.
    let external: SQLStatement

    private static func secrets(_ form: RecordForm, label: String, condition: MountCondition) -> ScopedStatement? {
        let columns = form.table.columns.filter(\.isSensitive)
        guard !columns.isEmpty else { return nil }
        let members = columns.map { "\(SQLName.literal($0.name)), \($0.raw("t"))" }.joined(separator: ", ")
        return ScopedStatement(name: label + ".secrets", ownerParameter: 2, effect: .none) { scope in
            "SELECT t.\"id\"::text, json_build_object(\(members))::text FROM \(form.table.name) t "
                + "WHERE t.\"id\" = ANY ($1::uuid[])\(condition.text)\(scope)"
        }
    }

    init(_ form: RecordForm, label: String, condition: MountCondition) {
        let source = "FROM \(form.table.name) t WHERE t.\"id\" = $1::uuid\(condition.text)"
        self.form = form
        self.source = source
        kept = KeptStatements(name: label + ".read")
        read = ScopedStatement(name: label + ".read", ownerParameter: 2, effect: .none) { scope in
            "SELECT r.\"version\"::text, row_to_json(r)::text\(form.standing("r")) "
                + "FROM (SELECT \(form.membersWithChildren("t")) \(source)\(scope)) r"
        }
        secrets = Self.secrets(form, label: label, condition: condition)
        external = SQLStatement(
            name: SQLName.fitted(label + ".external"),
            text: "SELECT t.\"id\"::text FROM \(form.table.name) t WHERE t.\"external_id\" = $1 FOR UPDATE",
            effect: .none)
        lock = ScopedStatement(name: label + ".lock", ownerParameter: 2, effect: .none) { scope in
            "SELECT t.\"version\"::text, (SELECT row_to_json(r) FROM (SELECT \(form.members("t"))) r)::text "
                + "\(source)\(scope) FOR UPDATE"
        }
    }

    /// A read of some members only, or with includes: too many kinds to have all of them prepared.
    func read(_ selection: RecordSelection, isOwn: Bool) -> SQLStatement {
        kept.statement(Shape(selection: selection.shape, isOwn: isOwn), isNameable: true, make: statement)
    }

    private func statement(_ shape: Shape) -> SQLStatement {
        let owner = shape.isOwn ? " AND t.\"created_by\" = $2::uuid" : ""
        let json = form.selected(shape.selection, of: "t", hasChildren: true, viewer: shape.isOwn ? "$3" : "$2")
        return SQLStatement(
            name: nil,
            text: "SELECT t.\"version\"::text, \(json)::text\(form.standing("t")) "
                + "\(source)\(owner)",
            effect: .none)
    }
}

extension EntityPlan {
    /// Reads a record with its lines. Row, if it is there: `version`, `json`, and of an entity with statuses its status
    /// and who made it.
    package func read(
        _ id: RecordID, _ selection: RecordSelection = .all, for scope: RecordScope
    ) -> SQLCommand {
        guard !selection.isAll else { return reads.read.command([id.description], for: scope) }
        let statement = reads.read(selection, isOwn: scope.owner != nil)
        return SQLCommand(
            statement, [id.description] + (scope.owner.map { [$0.description] } ?? []) + selection.parameters)
    }

    /// Reads the query parameters of one record: `fields` and `include`.
    ///
    /// - Throws: `validation_failed` with every parameter at fault.
    package func selection(_ parameters: [(name: String, value: String)]) throws(Problem) -> RecordSelection {
        var parser = SelectionParser(form: form, inclusions: inclusions, hasChildren: true)
        for (name, value) in parameters { parser.take(name, value) }
        guard parser.faults.isEmpty else {
            throw Problem(.validationFailed, "The record can't be shown as asked.", faults: parser.faults)
        }
        return parser.selection
    }

    /// Finds the record of an external id and locks it until the transaction ends. Row, if it is there: its id.
    package func find(external externalID: String) -> SQLCommand { SQLCommand(reads.external, [externalID]) }

    /// Reads a record and locks it until the transaction ends. Row, if it is there: `version`, `json`.
    ///
    /// Without its lines: after waiting for the lock they would be those of before the wait.
    package func lock(_ id: RecordID, for scope: RecordScope) -> SQLCommand {
        reads.lock.command([id.description], for: scope)
    }
}
