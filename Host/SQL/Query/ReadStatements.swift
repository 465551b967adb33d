package import HostModel

/// The statements that read one record.
struct ReadStatements: Sendable {
    let read: ScopedStatement
    let lock: ScopedStatement

    init(_ form: RecordForm, label: String, condition: MountCondition) {
        let source = "FROM \(form.table.name) t WHERE t.\"id\" = $1::uuid\(condition.text)"
        read = ScopedStatement(name: label + ".read", ownerParameter: 2) { scope in
            "SELECT r.\"version\"::text, row_to_json(r)::text\(form.standing("r")) "
                + "FROM (SELECT \(form.membersWithChildren("t")) \(source)\(scope)) r"
        }
        lock = ScopedStatement(name: label + ".lock", ownerParameter: 2) { scope in
            "SELECT t.\"version\"::text, (SELECT row_to_json(r) FROM (SELECT \(form.members("t"))) r)::text "
                + "\(source)\(scope) FOR UPDATE"
        }
    }
}

extension EntityPlan {
    /// Reads a record with its lines. Row, if it is there: `version`, `json`, and of an entity with statuses its status
    /// and who made it.
    package func read(_ id: RecordID, for scope: RecordScope) -> SQLCommand {
        reads.read.command([id.description], for: scope)
    }

    /// Reads a record and locks it until the transaction ends. Row, if it is there: `version`, `json`.
    ///
    /// Without its lines: after waiting for the lock they would be those of before the wait.
    package func lock(_ id: RecordID, for scope: RecordScope) -> SQLCommand {
        reads.lock.command([id.description], for: scope)
    }
}
