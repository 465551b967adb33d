/// Typed access to records, inside the operation's transaction and business. Since 1.0.
public struct Store: Sendable {
    private let host: any CallHost

    init(host: any CallHost) {
        self.host = host
    }

    /// Reads a record.
    ///
    /// - Throws: `not_found` when this business has no such record.
    public func read<Kind: Entity>(_ reference: Reference<Kind>) async throws(Refusal) -> Kind {
        try await existing(Kind.self, reference.id, locked: false)
    }

    /// Reads a record and keeps others from changing it until the operation ends.
    ///
    /// - Throws: `not_found` when this business has no such record.
    public func locked<Kind: Entity>(_ reference: Reference<Kind>) async throws(Refusal) -> Kind {
        try await existing(Kind.self, reference.id, locked: true)
    }

    /// Finds records whose fields equal `matching`, in the order of their ids.
    ///
    /// - Parameters:
    ///   - kind: The entity.
    ///   - matching: Field values that must all be equal.
    ///   - limit: How many at most, 1 to 1,000.
    public func find<Kind: Entity>(
        _ kind: Kind.Type, matching: Record, limit: Int = 1_000
    ) async throws(Refusal) -> [Kind] {
        var found: [Kind] = []
        for record in try await host.find(Kind.entityName, matching: matching, limit: limit) {
            found.append(Kind(fields: try Fields(record)))
        }
        return found
    }

    /// Stores a new record.
    public func create<New: Draft>(_ draft: New) async throws(Refusal) -> New.Made {
        New.Made(fields: try Fields(try await host.create(New.Made.entityName, draft.record)))
    }

    /// Stores the changed fields; nothing happens when none changed.
    ///
    /// - Throws: `version_conflict` when the record was changed since it was read.
    public func save<Kind: Entity>(_ record: Kind) async throws(Refusal) -> Kind {
        if record.fields.changes.values.isEmpty { return record }
        let saved = try await host.update(
            Kind.entityName, record.id, version: record.version, record.fields.changes)
        return Kind(fields: try Fields(saved))
    }

    /// Adds steps to counters of a record, whatever others add at the same time. Since 1.2.
    ///
    /// The record need not be read or locked before, and its version isn't compared: steps commute.
    ///
    /// - Parameters:
    ///   - reference: The record.
    ///   - steps: By field name, each a field with `counter: true`; within ±9,007,199,254,740,991.
    ///   - reason: Kept in the audit trail.
    /// - Throws: `counter_out_of_range` with `field`, `bound`, `current` and `available` when a step would leave a
    ///   bound or break a check; `not_found` when this business has no such record.
    public func adjust<Kind: Entity>(
        _ reference: Reference<Kind>, adding steps: [String: Int64], reason: String? = nil
    ) async throws(Refusal) -> Kind {
        var record = Record()
        for (name, step) in steps { record[name] = .int(step) }
        return Kind(
            fields: try Fields(try await host.adjust(Kind.entityName, reference.id, record, reason: reason)))
    }

    /// Moves a record through a transition and stores its changed fields in the same step.
    ///
    /// An event that the manifest says the transition emits is published with it; a handler doesn't publish it again.
    ///
    /// - Throws: `invalid_transition` when the record's state doesn't allow it.
    public func transition<Kind: StatefulEntity>(
        _ record: Kind, _ transition: Kind.Transition, reason: String? = nil
    ) async throws(Refusal) -> Kind {
        let moved = try await host.transition(
            Kind.entityName, record.id, version: record.version, transition.rawValue, record.fields.changes,
            reason: reason)
        return Kind(fields: try Fields(moved))
    }

    /// Deletes all children of a kind under a parent, such as the lines of a draft.
    public func deleteChildren<Child: Entity, Parent: Entity>(
        _ kind: Child.Type, of parent: Parent
    ) async throws(Refusal) {
        try await host.deleteChildren(Child.entityName, of: parent.id)
    }

    /// The next number of a gap-free series; the series is held until the operation ends.
    public func nextNumber(_ series: String) async throws(Refusal) -> String {
        try await host.nextNumber(series)
    }

    private func existing<Kind: Entity>(
        _ kind: Kind.Type, _ id: RecordID, locked: Bool
    ) async throws(Refusal) -> Kind {
        guard let record = try await host.read(Kind.entityName, id, locked: locked) else {
            throw .notFound(Kind.entityName)
        }
        return Kind(fields: try Fields(record))
    }
}
