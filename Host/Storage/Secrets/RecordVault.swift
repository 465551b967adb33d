import HostAuth
import HostManifest
package import HostModel
import HostPostgres
package import HostSQL

/// Seals the sensitive values of records on their way in, and opens them for those who may see them.
///
/// Everything else that reads records gets the mask, which the statements themselves put in the values' place.
struct RecordVault: Sendable {
    let keys: DataKeyStore

    /// The values with the sensitive ones checked and sealed; the same values for an entity without any.
    ///
    /// - Throws: `validation_failed` for a value that breaks its field's rules, and for the mask itself.
    func sealed(
        _ values: [String: JSONValue], of record: RecordID, _ plan: EntityPlan, in scope: TenantScope
    ) async throws(Problem) -> [String: JSONValue] {
        guard let secrets = plan.secrets else { return values }
        var sealed = values
        let plain = try secrets.plain(in: values)
        guard !plain.isEmpty else { return values }
        let key = try await keys.current(in: scope)
        for (name, value) in plain {
            let place = SealedPlace(entity: plan.reference.description, record: record, column: name)
            sealed[name] = .string(try key.seal(value.utf8, at: place))
        }
        return sealed
    }

    /// A new record with its sensitive values sealed.
    func sealed(_ record: NewRecord, _ plan: EntityPlan, in scope: TenantScope) async throws(Problem) -> NewRecord {
        guard plan.secrets != nil else { return record }
        return NewRecord(
            id: record.id, values: try await sealed(record.values, of: record.id, plan, in: scope),
            externalID: record.externalID, custom: record.custom)
    }

    /// What the rows of ``HostSQL/EntityPlan/secrets(of:for:)`` hold, opened: by record, then by member.
    func opened(
        _ rows: Rows, _ plan: EntityPlan, in scope: TenantScope
    ) async throws(Problem) -> [RecordID: [String: JSONValue]] {
        var opened: [RecordID: [String: JSONValue]] = [:]
        for row in 0..<rows.count {
            guard let record = rows.text(row, 0).flatMap({ RecordID($0) }),
                let members = json(rows.text(row, 1))?.object
            else { throw .failed }
            var values: [String: JSONValue] = [:]
            for (column, sealed) in members.members {
                guard let text = sealed.string else { continue }
                let place = SealedPlace(entity: plan.reference.description, record: record, column: column)
                values[column] = try await open(text, at: place, in: scope)
            }
            opened[record] = values
        }
        return opened
    }

    private func open(_ text: String, at place: SealedPlace, in scope: TenantScope) async throws(Problem) -> JSONValue {
        guard let sealed = SealedText(text), let key = try await keys.key(sealed.keyID, in: scope),
            let value = json(String(decoding: try key.open(sealed, at: place), as: UTF8.self))
        else { throw .unopenable }
        return value
    }

    private func json(_ text: String?) -> JSONValue? {
        guard let text else { return nil }
        // What can't be read is told by nil; where the fault is in a secret is nobody's business.
        return try? JSONParser.parse(Array(text.utf8))
    }
}

extension RecordStore {
    /// The sensitive values of records, for a caller who may see them: by record, then by member.
    ///
    /// Read after the records themselves, so they may be newer than those; the records' versions tell.
    package func secrets(
        _ plan: EntityPlan, of records: [RecordID], in scope: TenantScope, reach: PermissionScope
    ) async throws(Problem) -> [RecordID: [String: JSONValue]] {
        guard let command = plan.secrets(of: records, for: scope.records(reach)) else { return [:] }
        return try await vault.opened(await lane.read(command, in: scope), plan, in: scope)
    }
}
