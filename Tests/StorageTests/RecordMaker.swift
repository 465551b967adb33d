import Foundation
import HostManifest
import HostModel
import HostSQL
import HostStorage
import Testing

/// Makes a record of any entity of the loaded manifests: required fields are filled in, records that they refer to are
/// made first.
///
/// Times and numbers go up from field to field and from record to record, so that windows are windows and unique values
/// are unique.
struct RecordMaker {
    let installation: TestInstallation
    private var firm: SignedUp
    private var count: Int64 = 0

    init(_ installation: TestInstallation, _ firm: SignedUp) {
        self.installation = installation
        self.firm = firm
    }

    /// One record, where no others are made.
    static func one(
        of reference: EntityReference, _ installation: TestInstallation, _ firm: SignedUp
    ) async throws -> RecordID {
        var maker = RecordMaker(installation, firm)
        return try await maker.record(reference)
    }

    /// One record in the scope of a transaction.
    mutating func record(_ reference: EntityReference, as firm: SignedUp) async throws -> RecordID {
        let own = self.firm
        self.firm = firm
        defer { self.firm = own }
        return try await record(reference)
    }

    mutating func record(_ reference: EntityReference) async throws -> RecordID {
        let plan = try #require(installation.storage.plans[reference])
        var values: [String: JSONValue] = [:]
        if let parent = plan.entity.parent {
            let above = try await record(EntityReference(plugin: reference.plugin, name: parent.entity))
            values[parent.entity] = .string(above.description)
        }
        for field in plan.entity.fields where field.isRequired && field.defaultValue == nil {
            let value = try await value(of: field.type)
            values[field.name] = slot(field.name) ?? value
        }
        let made = try await installation.storage.records.create(plan, values, in: firm.scope)
        return try #require(JSONParser.parse(made.json.bytes)["id"]?.string.flatMap { RecordID($0) })
    }

    /// Around every other time, as a slot is.
    private func slot(_ name: String) -> JSONValue? {
        switch name {
        case "slot_from": "2026-01-01T00:00:00Z"
        case "slot_to": "2028-01-01T00:00:00Z"
        default: nil
        }
    }

    private mutating func value(of type: FieldType) async throws -> JSONValue {
        count += 1
        switch type {
        case .reference(let entity): return .string(try await record(entity).description)
        case .bool: return false
        case .int(let min, let max), .money(let min, let max), .quantity(let min, let max):
            return .int(Swift.min(Swift.max(min, count), max))
        case .rate: return 0
        case .enumeration(let words): return .string(words[0])
        case .enumerationSet(let words): return [.string(words[0])]
        case .json: return .object(JSONObject())
        default: return .string(text(of: type))
        }
    }

    private func text(of type: FieldType) -> String {
        switch type {
        case .email: "person\(count)@example.com"
        case .phone: "+1555000\(1000 + count)"
        case .date: "2026-12-0\(1 + count % 9)"
        case .timestamp: "2027-01-01T\(10 + count / 60):\(10 + count % 50):00Z"
        case .timeZone: "America/Chicago"
        case .uuid: UUID().uuidString.lowercased()
        case .currency: "USD"
        case .country: "US"
        default: "text \(count)"
        }
    }
}
