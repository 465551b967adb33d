import HostAuth
import HostManifest
import HostModel
import HostSQL

/// A document with its lines: one transaction, whose owner commits.
extension RecordStore {
    /// What a body says of a document's lines, by the kind of line.
    struct SentLines {
        let lines: WrittenLines
        let values: [JSONObject]
    }

    /// Takes the lines out of the values of a document.
    static func parted(
        _ values: [String: JSONValue], _ plan: EntityPlan
    ) -> (values: [String: JSONValue], lines: [SentLines]) {
        guard !plan.lines.isEmpty else { return (values, []) }
        var rest = values
        let sent = plan.lines.compactMap { lines -> SentLines? in
            guard let elements = rest.removeValue(forKey: lines.member)?.array else { return nil }
            return SentLines(lines: lines, values: elements.compactMap(\.object))
        }
        return (rest, sent)
    }

    func create(
        _ plan: EntityPlan, _ values: [String: JSONValue], with sent: [SentLines], in scope: TenantScope,
        reach: PermissionScope, rights: LineRights
    ) async throws(Problem) -> StoredRecord {
        var values = values
        let id = values["id"]?.string.flatMap { RecordID($0) } ?? RecordID(ids.next())
        values["id"] = values["id"] ?? .string(id.description)
        return try await together(scope) { inside throws(Problem) in
            let record = try await create(plan, values, in: inside, reach: reach)
            for part in sent where !part.values.isEmpty {
                try part.lines.check(record, plan)
                try await writing(part.lines, of: id, rights, inside).make(part.values)
            }
            return try await read(plan, id, in: inside, reach: .business)
        }
    }

    func update(
        _ plan: EntityPlan, _ id: RecordID, version: Int64?, _ values: [String: JSONValue], with sent: [SentLines],
        in scope: TenantScope, reach: PermissionScope, rights: LineRights
    ) async throws(Problem) -> StoredRecord {
        try await together(scope) { inside throws(Problem) in
            let record = try await update(plan, id, version: version, values, in: inside, reach: reach)
            for part in sent {
                try part.lines.check(record, plan)
                try await writing(part.lines, of: id, rights, inside).replace(with: part.values)
            }
            return try await read(plan, id, in: inside, reach: .business)
        }
    }

    private func together(
        _ scope: TenantScope, _ body: (TenantScope) async throws(Problem) -> StoredRecord
    ) async throws(Problem) -> StoredRecord {
        try await lane.transaction(in: scope) { transaction in
            try await body(scope.joining(JoinedTransaction(transaction)))
        }
    }

    private func writing(
        _ lines: WrittenLines, of document: RecordID, _ rights: LineRights, _ scope: TenantScope
    ) -> LineWriting {
        LineWriting(store: self, lines: lines, document: document, rights: rights, scope: scope)
    }
}

extension WrittenLines {
    /// - Throws: `conflict` for a document in a status in which its lines are fixed.
    fileprivate func check(_ document: StoredRecord, _ plan: EntityPlan) throws(Problem) {
        guard let statuses, let status = document.standing?.status, !statuses.contains(status) else { return }
        throw Problem(
            .conflict, "The \(plan.entity.name) is \(status): its \(member) take no changes.",
            members: ["status": .string(status), "allowed": .array(statuses.map { .string($0) })])
    }
}
