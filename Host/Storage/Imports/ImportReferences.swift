import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostTransfer

/// The records that the rows of a batch refer to, found with one statement for each kind of key.
struct ImportReferences {
    private var found: [RecordKey: [String: String]] = [:]
    /// The reference fields of the entity, the parent of lines among them.
    private let fields: [(name: String, column: String, entity: EntityReference)]
    private let plans: EntityPlans

    init(
        _ rows: [ImportBatch.Row], _ entity: Entity, _ job: ClaimedImport, _ transaction: DatabaseTransaction,
        _ plans: EntityPlans
    ) async throws {
        self.plans = plans
        fields = Self.fields(of: entity, job, plans)
        var wanted: [RecordKey: Set<String>] = [:]
        for row in rows {
            for lookup in row.lookups {
                let key = plans[lookup.key.entity]?.importKey(lookup.key.column, lookup.text) ?? lookup.text
                wanted[lookup.key, default: []].insert(key)
            }
            for reference in row.customReferences {
                wanted[RecordKey(entity: reference.target, column: "id"), default: []].insert(reference.id)
            }
            for field in fields {
                let key = RecordKey(entity: field.entity, column: "id")
                for values in [row.created, row.changed] {
                    guard let id = values?[field.name]?.string, id != RowPlan.unresolved else { continue }
                    wanted[key, default: []].insert(id)
                }
            }
        }
        for (key, values) in wanted {
            guard let plan = plans[key.entity] else { continue }
            let rows = try await transaction.execute(plan.importLookup(key.column, values.sorted()))
            var ids: [String: String] = [:]
            for row in 0..<rows.count { ids[plan.importKey(key.column, rows.text(row, 0) ?? "")] = rows.text(row, 1) }
            found[key] = ids
        }
    }

    private static func fields(
        of entity: Entity, _ job: ClaimedImport, _ plans: EntityPlans
    ) -> [(name: String, column: String, entity: EntityReference)] {
        entity.fields.compactMap { field in
            if case .reference(let target) = field.type { (field.name, field.column, target) } else { nil }
        }
    }

    /// Puts ids in the places of other keys, and tells of records that aren't there.
    ///
    /// - Parameter column: The column of the file that a fault's path comes from.
    func resolve(
        _ row: ImportBatch.Row, _ values: inout [String: JSONValue], _ faults: inout [RowPlan.Fault],
        column: (String) -> String?
    ) {
        for reference in row.customReferences
        where found[RecordKey(entity: reference.target, column: "id")]?[reference.id] == nil {
            let path = "/custom/" + reference.key
            faults.append(
                RowPlan.Fault(
                    path: path, code: "unknown_reference", detail: "There is no such \(reference.target).",
                    column: column(path)))
        }
        for lookup in row.lookups where values[lookup.field] != nil {
            let key = plans[lookup.key.entity]?.importKey(lookup.key.column, lookup.text) ?? lookup.text
            if let id = found[lookup.key]?[key] {
                values[lookup.field] = .string(id)
            } else {
                let detail = "There is no \(lookup.key.entity) whose \(lookup.key.column) is \(key.debugDescription)."
                faults.append(
                    RowPlan.Fault(
                        path: "/" + lookup.member, code: "unknown_reference", detail: String(detail.prefix(300)),
                        column: lookup.column))
            }
        }
        let resolved = Set(row.lookups.map(\.field))
        for field in fields where !resolved.contains(field.name) {
            guard let id = values[field.name]?.string,
                found[RecordKey(entity: field.entity, column: "id")]?[id] == nil
            else { continue }
            faults.append(
                RowPlan.Fault(
                    path: "/" + field.column, code: "unknown_reference",
                    detail: "There is no such \(field.entity).", column: nil))
        }
    }
}
