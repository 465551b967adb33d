import Foundation
import HostManifest
import HostModel
import HostPlugins
import HostStorage
import Synchronization

/// Counts transactions and keeps their records in memory: what is tested here is the host's side of a call, and the
/// storage room tests the real one against PostgreSQL.
final class StageStorage: OperationStorage {
    private let counts = Mutex((begins: 0, commits: 0))
    let store = StageStore()

    var begins: Int { counts.withLock(\.begins) }
    var commits: Int { counts.withLock(\.commits) }

    func transaction<Result: Sendable>(
        _ terms: TransactionTerms, _ body: (any OperationStore) async throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        counts.withLock { $0.begins += 1 }
        let result = try await body(store)
        counts.withLock { $0.commits += 1 }
        return result
    }
}

final class StageStore: OperationStore {
    private struct Row {
        var version: Int64
        var values: [String: JSONValue]
    }
    private struct State {
        var rows: [RecordID: Row] = [:]
        var events: [String] = []
    }
    private let state = Mutex(State())

    let business = BusinessFacts(
        id: Stage.business, name: "Stage", industry: "fx", currency: "USD", timeZone: "America/Chicago", country: "US",
        tier: .starter)

    var events: [String] { state.withLock(\.events) }

    @discardableResult
    func add(_ values: [String: JSONValue]) -> RecordID {
        let id = RecordID(UUID())
        state.withLock { $0.rows[id] = Row(version: 1, values: values) }
        return id
    }

    func read(_ entity: EntityReference, _ id: RecordID, locked: Bool) async throws(Problem) -> StageRecord? {
        state.withLock { $0.rows[id] }.map { stored(id, $0) }
    }

    func find(
        _ entity: EntityReference, matching: [String: JSONValue], limit: Int
    ) async throws(Problem) -> [StageRecord] {
        state.withLock(\.rows).filter { row in matching.allSatisfy { row.value.values[$0.key] == $0.value } }
            .prefix(limit).map { stored($0.key, $0.value) }
    }

    func create(_ entity: EntityReference, _ values: [String: JSONValue]) async throws(Problem) -> StageRecord {
        let id = add(values)
        return stored(id, Row(version: 1, values: values))
    }

    func update(
        _ entity: EntityReference, _ id: RecordID, version: Int64, _ values: [String: JSONValue]
    ) async throws(Problem) -> StageRecord {
        let row = state.withLock { state -> Row? in
            guard var row = state.rows[id] else { return nil }
            row.version += 1
            row.values.merge(values) { $1 }
            state.rows[id] = row
            return row
        }
        guard let row else { throw .notFound(entity.name) }
        return stored(id, row)
    }

    func adjust(
        _ entity: EntityReference, _ id: RecordID, adding steps: [String: Int64], reason: String?
    ) async throws(Problem) -> StageRecord {
        let row = state.withLock(\.rows)[id]
        var values: [String: JSONValue] = [:]
        for (name, step) in steps {
            let sum = (row?.values[name]?.int ?? 0) + step
            guard sum >= 0 else {
                throw Problem(.counterOutOfRange, "It can't go so far.", members: ["field": .string(name)])
            }
            values[name] = .int(sum)
        }
        return try await update(entity, id, version: row?.version ?? 1, values)
    }

    func deleteChildren(_ entity: EntityReference, of parent: RecordID) async throws(Problem) {}

    func transition(
        _ entity: EntityReference, _ id: RecordID, version: Int64, _ name: String, _ values: [String: JSONValue],
        reason: String?
    ) async throws(Problem) -> StageRecord {
        try await update(entity, id, version: version, values)
    }

    func nextNumber(_ series: String, in plugin: PluginID) async throws(Problem) -> String { "N-000001" }

    func publish(_ event: String, _ payload: JSONObject) async throws(Problem) {
        state.withLock { $0.events.append(event) }
    }

    private func stored(_ id: RecordID, _ row: Row) -> StageRecord {
        var json = JSONObject(["id": .string(id.description), "version": .int(row.version)] as KeyValuePairs)
        for (name, value) in row.values { json[name] = value }
        return StageRecord(version: row.version, utf8: JSONValue.object(json).utf8)
    }
}

struct StageRecord: StoredForm {
    let version: Int64
    let utf8: [UInt8]
    var standing: RecordStanding? { nil }
}
