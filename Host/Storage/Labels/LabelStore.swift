import Foundation
package import HostManifest
package import HostModel
import HostPostgres
import HostSQL

/// A business's own words for the statuses of its records.
///
/// Every function throws `unavailable`, `deadline_exceeded` and `internal_error` beside what it says itself.
package struct LabelStore: Sendable {
    let lane: TenantLane
    let ids: UUIDv7Source

    static let entity = "platform.status_label"

    /// Labels of one status, in use.
    package static let countMax = 50
    /// The same with archived ones, which records and histories still name.
    package static let countEverMax = 200

    /// A label to be made; entity and status are checked by the caller.
    package struct New: Hashable, Sendable {
        package let entity: EntityReference
        package let status: String
        package let values: Values

        package init(entity: EntityReference, status: String, values: Values) {
            self.entity = entity
            self.status = status
            self.values = values
        }
    }

    /// What can change of a label; nil stays as it is.
    package struct Values: Hashable, Sendable {
        package var name: String?
        /// `#` and six lower-case hexadecimal digits.
        package var colour: String?
        package var position: Int64?
        package var isDefault: Bool?

        package init(name: String? = nil, colour: String? = nil, position: Int64? = nil, isDefault: Bool? = nil) {
            self.name = name
            self.colour = colour
            self.position = position
            self.isDefault = isDefault
        }

        fileprivate var changes: JSONObject {
            var changes = JSONObject()
            if let name { changes["name"] = ["to": .string(name)] }
            if let colour { changes["colour"] = ["to": .string(colour)] }
            if let position { changes["position"] = ["to": .int(position)] }
            if let isDefault { changes["is_default"] = ["to": .bool(isDefault)] }
            return changes
        }
    }

    /// All labels, archived ones too, by entity, status and position.
    package func list(
        of entity: EntityReference?, status: String?, in scope: TenantScope
    ) async throws(Problem) -> [JSONText] {
        let command = SQLCommand(LabelStatements.list, [entity?.description, status])
        let rows = try await lane.read(command, in: scope)
        return (0..<rows.count).map { JSONText(rows, row: $0, column: 0) }
    }

    /// Adds a label.
    ///
    /// - Throws: `already_exists` for a name that is taken in its status, in any case; `conflict` with `limit` for a
    ///   status that has as many as it can.
    package func add(_ label: New, in scope: TenantScope) async throws(Problem) -> StoredRecord {
        let id = ids.next()
        let values = label.values
        let place = [label.entity.description, label.status]
        var changes = values.changes
        changes["entity"] = ["to": .string(place[0])]
        changes["status"] = ["to": .string(place[1])]
        let add = SQLCommand(
            LabelStatements.add,
            [id.text, scope.actor.id.text] + place + [
                values.name, values.colour, String(values.position ?? 0), String(values.isDefault ?? false),
            ])
        return try await write(in: scope) { transaction in
            let counted = try await transaction.execute([
                SQLCommand(LabelStatements.lock, []), SQLCommand(LabelStatements.count, place),
            ])[1]
            if (counted.integer(0, 1) ?? 0) >= Self.countMax { throw Problem.tooManyLabels(Self.countMax) }
            if (counted.integer(0, 0) ?? 0) >= Self.countEverMax { throw Problem.tooManyLabels(Self.countEverMax) }
            if values.isDefault == true { try await yield(place, to: id, transaction, scope) }
            return try await audited("create", id, changes, add, transaction, scope)
        }
    }

    /// Changes what is sent.
    ///
    /// - Throws: `not_found`, `version_conflict`, `conflict` for an archived label, `already_exists` for its new name.
    package func change(
        _ id: RecordID, version: Int64, _ values: Values, in scope: TenantScope
    ) async throws(Problem) -> StoredRecord {
        let change = SQLCommand(
            LabelStatements.change,
            [
                id.description, scope.actor.id.text, values.name, values.colour, values.position.map { String($0) },
                values.isDefault.map { String($0) },
            ])
        return try await write(in: scope) { transaction in
            _ = try await transaction.execute(SQLCommand(LabelStatements.lock, []))
            let place = try await held(id, version, transaction)
            if values.isDefault == true { try await yield(place, to: id.uuid, transaction, scope) }
            return try await audited("update", id.uuid, values.changes, change, transaction, scope)
        }
    }

    /// Takes a label out of use: records that have it keep it until their status changes.
    ///
    /// - Throws: As ``change(_:version:_:in:)``.
    package func archive(_ id: RecordID, version: Int64, in scope: TenantScope) async throws(Problem) -> StoredRecord {
        let archive = SQLCommand(LabelStatements.archive, [id.description, scope.actor.id.text])
        return try await write(in: scope) { transaction in
            _ = try await held(id, version, transaction)
            return try await audited("archive", id.uuid, JSONObject(), archive, transaction, scope)
        }
    }

    private func write(
        in scope: TenantScope, _ body: (DatabaseTransaction) async throws -> Rows
    ) async throws(Problem) -> StoredRecord {
        let rows = try await lane.transaction(in: scope) { transaction in
            do {
                return try await body(transaction)
            } catch let error as DatabaseError where error.constraint == "label_name" {
                throw Problem.nameTaken
            }
        }
        guard rows.count == 1, let version = rows.integer(0, 1) else { throw .failed }
        return StoredRecord(version: version, json: JSONText(rows, row: 0, column: 0))
    }

    /// Entity and status of a label that can be changed, which is locked.
    private func held(_ id: RecordID, _ version: Int64, _ transaction: DatabaseTransaction) async throws -> [String] {
        let found = try await transaction.execute(SQLCommand(LabelStatements.lockOne, [id.description]))
        guard found.count == 1, let entity = found.text(0, 1), let status = found.text(0, 2) else {
            throw Problem.notFound("label")
        }
        let current = found.integer(0, 0) ?? 0
        guard current == version else { throw Problem.stale(currentVersion: current) }
        guard found.text(0, 3) == "false" else { throw Problem(.conflict, "The label is archived.") }
        return [entity, status]
    }

    /// Of the labels of one status one is the default at most.
    private func yield(
        _ place: [String], to id: UUID, _ transaction: DatabaseTransaction, _ scope: TenantScope
    ) async throws {
        let command = SQLCommand(LabelStatements.yield, place + [id.text, scope.actor.id.text])
        let rows = try await transaction.execute(command)
        guard rows.count == 1, let former = rows.text(0, 0).flatMap({ UUID(uuidString: $0) }) else { return }
        let audit = AuditRow(
            action: "\(Self.entity).update", entity: Self.entity, record: former,
            changes: JSONObject(["is_default": ["from": true, "to": false]]))
        _ = try await transaction.execute(audit.insert(id: ids.next(), in: scope))
    }

    private func audited(
        _ verb: String, _ id: UUID, _ changes: JSONObject, _ command: SQLCommand, _ transaction: DatabaseTransaction,
        _ scope: TenantScope
    ) async throws -> Rows {
        let audit = AuditRow(action: "\(Self.entity).\(verb)", entity: Self.entity, record: id, changes: changes)
        return try await transaction.execute([command, audit.insert(id: ids.next(), in: scope)])[0]
    }
}

extension Problem {
    fileprivate static func tooManyLabels(_ max: Int) -> Problem {
        Problem(
            .conflict, "A status has \(max) labels at most; change one of those that are there.",
            members: ["limit": .int(Int64(max))])
    }

    fileprivate static let nameTaken = Problem(
        .alreadyExists, "There is already such a label.",
        faults: [
            Fault(path: "/name", code: "already_exists", detail: "Another label of the status has this name.")
        ])
}
