import Foundation
import HostManifest
import HostModel

/// A row of `events.outbox` for an event that an operation publishes by itself.
struct OutboxRow {
    private let id: UUID
    private let event: String
    private let payload: JSONObject
    /// What the event is about: the first reference in its payload, or the event itself when there is none.
    private let entity: String
    private let record: String

    init(_ event: String, _ payload: JSONObject, id: UUID, in manifests: ManifestSet) {
        self.id = id
        self.event = event
        self.payload = payload
        let subject = Self.subject(of: event, payload, in: manifests)
        entity = subject?.entity.description ?? event
        record = subject?.record ?? id.text
    }

    private static func subject(
        of event: String, _ payload: JSONObject, in manifests: ManifestSet
    ) -> (entity: EntityReference, record: String)? {
        let parts = event.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, let manifest = PluginID(parts[0]).flatMap({ manifests[$0] }) else { return nil }
        for field in manifest.publishes.first(where: { $0.name == parts[1] })?.payload ?? [] {
            if case .reference(let entity) = field.type, let record = payload[field.column]?.string {
                return (entity, record)
            }
        }
        return nil
    }

    /// An event that no transition emitted tells of no version: 0.
    private static let statement = SQLStatement(
        name: "outbox.append",
        text: """
            INSERT INTO events.outbox (business_id, id, type, entity, record_id, version, payload)
            VALUES (\(RowSecurity.currentBusiness), $1::uuid, $2, $3, $4::uuid, 0, $5::jsonb)
            """, effect: .none)

    var insert: SQLCommand {
        SQLCommand(Self.statement, [id.text, event, entity, record, JSONValue.object(payload).text])
    }
}
