import Foundation
import HostAuth
package import HostManifest
package import HostModel
import HostPostgres
import HostSQL

/// The fields that a business adds to entities, and the check of their values.
///
/// Every function throws `unavailable`, `deadline_exceeded` and `internal_error` beside what it says itself.
package struct CustomFieldStore: Sendable {
    let lane: TenantLane
    let ids: UUIDv7Source
    let cache: CustomFieldCache
    /// Principals know which fields they don't see.
    let credentials: CredentialCache

    static let entity = "platform.custom_field"
    /// What a change may be about, as bodies and the audit trail name it.
    private static let changeable = ["label", "required", "options", "position", "indexed", "visible_to_roles"]

    /// All fields, archived ones too, by entity and position.
    ///
    /// - Parameter entity: Of one entity; nil for all.
    package func list(of entity: EntityReference?, in scope: TenantScope) async throws(Problem) -> [JSONText] {
        let command = SQLCommand(CustomFieldStatements.list, [entity?.description])
        let rows = try await lane.read(command, in: scope)
        return (0..<rows.count).map { JSONText(rows, row: $0, column: 0) }
    }

    /// Adds a field.
    ///
    /// - Parameters:
    ///   - field: Checked by the caller.
    ///   - fieldsMax: How many the tier allows for one entity; nil for any number.
    ///   - indexesMax: How many of them may be indexed; nil for any number.
    ///   - scope: The business.
    /// - Throws: `already_exists` for a key that is taken, also by an archived field, whose values are still there;
    ///   `conflict` with `limit` when the entity has as many as the tier allows.
    package func add(
        _ field: NewCustomField, fieldsMax: Int?, indexesMax: Int? = nil, in scope: TenantScope
    ) async throws(Problem) -> StoredRecord {
        let id = ids.next()
        let audit = AuditRow(
            action: "\(Self.entity).create", entity: Self.entity, record: id, changes: field.changes)
        let rows = try await lane.transaction(in: scope) { transaction in
            let counted = try await transaction.execute([
                SQLCommand(CustomFieldStatements.lock, []),
                SQLCommand(CustomFieldStatements.count, [field.entity.description]),
            ])
            if let fieldsMax, (counted[1].integer(0, 0) ?? 0) >= Int64(fieldsMax) {
                throw Problem.tooManyFields(fieldsMax)
            }
            if field.isIndexed { try Self.check(counted[1], indexesMax) }
            let rows = try await transaction.execute(
                SQLCommand(CustomFieldStatements.add, [id.text, scope.actor.id.text] + field.parameters))
            guard rows.count == 1 else { throw Problem.keyTaken(field) }
            _ = try await transaction.execute(audit.insert(id: ids.next(), in: scope))
            return rows
        }
        return try changed(rows, scope)
    }

    private static func check(_ counts: Rows, _ indexesMax: Int?) throws(Problem) {
        guard let indexesMax, (counts.integer(0, 1) ?? 0) >= Int64(indexesMax) else { return }
        throw .tooManyIndexes(indexesMax)
    }

    /// Changes what is sent: `label`, `required`, `options`, `position`, `indexed`, `visible_to_roles`.
    ///
    /// - Throws: `not_found`, `version_conflict`, `conflict` for another `type`, an archived field, more indexes than
    ///   the tier has, and a unique field that is to lose its index.
    package func change(
        _ id: RecordID, version: Int64, _ values: [String: JSONValue], indexesMax: Int? = nil, in scope: TenantScope
    ) async throws(Problem) -> StoredRecord {
        let parameters = [
            id.description, scope.actor.id.text, values["label"]?.string, values["required"].map { $0.text },
            values["options"].map { $0.text }, values["position"].map { $0.text }, values["indexed"].map { $0.text },
            values["visible_to_roles"].map { $0.text },
        ]
        var changes = JSONObject()
        for name in Self.changeable { changes[name] = values[name].map { ["to": $0] } }
        return try await step("update", id, version: version, changes, scope) { known, transaction in
            let type = known.text(0, 1) ?? ""
            if let wanted = values["type"]?.string, wanted != type { throw Problem.typeIsFixed(type) }
            let isWords = type == "enum" || type == "multi_enum"
            guard values["options"] == nil || isWords else {
                throw Problem.invalid("/options", "read_only", "Only enum and multi_enum have options.")
            }
            try await Self.check(indexed: values["indexed"]?.bool, known, indexesMax, transaction)
            return SQLCommand(CustomFieldStatements.change, parameters)
        }
    }

    /// Takes a field out of use: its values stay in the records, and nobody writes it any more.
    ///
    /// - Throws: As ``change(_:version:_:in:)``.
    package func archive(
        _ id: RecordID, version: Int64, in scope: TenantScope
    ) async throws(Problem) -> StoredRecord {
        try await step("archive", id, version: version, JSONObject(), scope) { _, _ in
            SQLCommand(CustomFieldStatements.archive, [id.description, scope.actor.id.text])
        }
    }

    private func step(
        _ verb: String, _ id: RecordID, version: Int64, _ changes: JSONObject, _ scope: TenantScope,
        _ command: (_ known: Rows, DatabaseTransaction) async throws -> SQLCommand
    ) async throws(Problem) -> StoredRecord {
        let audit = AuditRow(action: "\(Self.entity).\(verb)", entity: Self.entity, record: id.uuid, changes: changes)
        let rows = try await lane.transaction(in: scope) { transaction in
            let found = try await transaction.execute(SQLCommand(CustomFieldStatements.lockOne, [id.description]))
            guard found.count == 1 else { throw Problem.notFound("custom field") }
            let current = found.integer(0, 0) ?? 0
            guard current == version else { throw Problem.stale(currentVersion: current) }
            guard found.text(0, 2) == "t" else { throw Problem(.conflict, "The custom field is archived.") }
            let rows = try await transaction.execute(try await command(found, transaction))
            _ = try await transaction.execute(audit.insert(id: ids.next(), in: scope))
            return rows
        }
        return try changed(rows, scope)
    }

    /// Whether a field may be indexed from now on, or may be so no more.
    private static func check(
        indexed: Bool?, _ known: Rows, _ indexesMax: Int?, _ transaction: DatabaseTransaction
    ) async throws {
        guard let indexed, indexed != (known.text(0, 4) == "t") else { return }
        guard indexed else {
            guard known.text(0, 5) != "t" else {
                throw Problem(.conflict, "A unique field is indexed for good: archive it and make another one.")
            }
            return
        }
        guard known.text(0, 1) != CustomField.Kind.words.rawValue else { throw Problem.notIndexable }
        let counts = try await transaction.execute([
            SQLCommand(CustomFieldStatements.lock, []), SQLCommand(CustomFieldStatements.count, [known.text(0, 3)]),
        ])
        try check(counts[1], indexesMax)
    }

    private func changed(_ rows: Rows, _ scope: TenantScope) throws(Problem) -> StoredRecord {
        cache.forget(scope.business)
        credentials.forget(business: scope.business)
        guard rows.count == 1, let version = rows.integer(0, 1) else { throw .failed }
        return StoredRecord(version: version, json: JSONText(rows, row: 0, column: 0))
    }
}

extension Problem {
    fileprivate static func tooManyFields(_ max: Int) -> Problem {
        Problem(
            .conflict, "Your tier has \(max) custom fields for one entity; archive one, or choose a higher tier.",
            members: ["limit": .int(Int64(max))])
    }

    fileprivate static func tooManyIndexes(_ max: Int) -> Problem {
        Problem(
            .conflict, "Your tier has \(max) indexed custom fields for one entity; take one's index away first.",
            members: ["limit": .int(Int64(max))])
    }

    package static let notIndexable = Problem.invalid(
        "/indexed", "unsupported", "Lines, and fields of the type multi_enum, have no index.")

    fileprivate static func keyTaken(_ field: NewCustomField) -> Problem {
        let detail = "\(field.entity) has or had a custom field \(field.key); choose another key."
        return Problem(
            .alreadyExists, "There is already such a custom field.",
            faults: [Fault(path: "/key", code: "already_exists", detail: detail)])
    }

    fileprivate static func typeIsFixed(_ type: String) -> Problem {
        Problem(
            .conflict,
            "The type of a custom field is \(type) for good: archive it and make another one with a key of its own.")
    }
}
