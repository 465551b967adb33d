import HostManifest
package import HostModel

/// How a change ended; the first column of its row.
package enum ChangeOutcome: String, Hashable, Sendable {
    /// It was made.
    case done
    /// There is no such record, or not for this person.
    case missing
    /// The record has another version than expected; the row has its version.
    case stale
    /// The record is archived and takes no changes.
    case archived
    /// The record's status has no such transition; the row has the status.
    case forbidden
    /// The label isn't one of the record's status; the row has the status.
    case unlabelled
    /// Guards don't hold; their ids follow, see ``unmet(in:)``.
    case guarded

    /// Reads the column.
    package init?(column text: String) {
        self.init(rawValue: String(text.prefix { $0 != ":" }))
    }

    /// The guards that don't hold, by id: `guarded:has_times,has_party`.
    package static func unmet(in text: String) -> [String] {
        text.split(separator: ":", maxSplits: 1).dropFirst().flatMap { $0.split(separator: ",").map(String.init) }
    }
}

extension EntityPlan {
    /// Stores a new record. Row: `version`, `json`, and of an entity with statuses its status and who made it.
    ///
    /// An id or a unique value that is taken ends in SQLSTATE 23505; see ``constraints``.
    ///
    /// - Throws: `validation_failed` for an unknown name, `status_not_writable` for the status.
    package func create(_ record: NewRecord, by context: WriteContext) throws(Problem) -> SQLCommand {
        let document = try document.new(record)
        return SQLCommand(writes.create, audit(record.id, context) + [JSONValue.object(document).text])
    }

    /// Stores changed values. One row: ``ChangeOutcome``, `version`, `json`, status, NULL, who made the record.
    ///
    /// - Parameters:
    ///   - id: The record.
    ///   - version: The version that was read; nil to change whatever is there.
    ///   - values: By field name, in JSON form; those left out stay as they are.
    ///   - context: Who writes.
    /// - Throws: `validation_failed` for an unknown name, `status_not_writable` for the status.
    package func update(
        _ id: RecordID, version: Int64?, values: [String: JSONValue], by context: WriteContext
    ) throws(Problem) -> SQLCommand {
        let document = try document.changes(values)
        let parameters = [JSONValue.object(document).text, version.map { String($0) }]
        return writes.update.command(audit(id, context) + parameters, for: context.scope)
    }

    /// Archives a record. One row, as of ``update(_:version:values:by:)``.
    ///
    /// - Throws: `method_not_allowed` for an entity that can't be archived.
    package func archive(_ id: RecordID, version: Int64?, by context: WriteContext) throws(Problem) -> SQLCommand {
        guard let archive = writes.archive else {
            throw Problem(.methodNotAllowed, "A \(reference) can't be archived.")
        }
        return archive.command(audit(id, context) + [version.map { String($0) }], for: context.scope)
    }

    /// Adds steps to counters. One row, as of ``update(_:version:values:by:)``.
    ///
    /// A result beyond a bound ends in SQLSTATE 23514 or 22003; see ``Entity/counterRefusal(adding:to:)``.
    ///
    /// - Throws: `method_not_allowed` for an entity without counters, `validation_failed` without steps or for a field
    ///   that is none.
    package func adjust(
        _ id: RecordID, version: Int64?, adding steps: [String: Int64], reason: String?, by context: WriteContext
    ) throws(Problem) -> SQLCommand {
        guard let adjust = writes.adjust else {
            throw Problem(.methodNotAllowed, "A \(reference) has no counters.")
        }
        var document = JSONObject()
        for (name, step) in steps.sorted(by: { $0.key < $1.key }) {
            guard let counter = entity.counters.first(where: { $0.name == name }) else {
                throw .invalid("/\(name)", "unknown_field", "\(reference) has no counter \(name).")
            }
            // So that no sum leaves 64 bits, wherever the refusal of one is worked out.
            guard step.magnitude <= Self.stepMax else {
                throw .invalid("/\(name)", "max", "A step is within ±\(Self.stepMax).")
            }
            document[counter.column] = .int(step)
        }
        guard !document.names.isEmpty else { throw .invalid("", "required", "At least one counter must change.") }
        let parameters = [JSONValue.object(document).text, version.map { String($0) }, reason]
        return adjust.command(audit(id, context) + parameters, for: context.scope)
    }

    /// As far apart as two values of a number field can be, which every JSON reader keeps exactly.
    package static let stepMax: UInt64 = 9_007_199_254_740_991

    /// Gives a record a label of its status, or takes it away. One row, as of ``update(_:version:values:by:)``.
    ///
    /// - Throws: `method_not_allowed` for an entity without labels.
    package func setLabel(
        _ id: RecordID, version: Int64?, to label: RecordID?, reason: String?, by context: WriteContext
    ) throws(Problem) -> SQLCommand {
        guard let statement = writes.label else {
            throw Problem(.methodNotAllowed, "A \(reference) has no labels.")
        }
        let parameters = [label?.description, version.map { String($0) }, reason]
        return statement.command(audit(id, context) + parameters, for: context.scope)
    }

    /// Moves a record through a transition, with changed values in the same step.
    ///
    /// One row: ``ChangeOutcome``, `version`, `json`, the status (the present one when the move was refused), the
    /// payload of the event that was put into the outbox (NULL without one), who made the record.
    ///
    /// - Throws: `not_found` for a transition that isn't declared, `validation_failed` without a needed reason or for
    ///   an unknown name.
    package func transition(
        _ id: RecordID, _ name: String, version: Int64?, values: [String: JSONValue] = [:], reason: String?,
        by context: WriteContext
    ) throws(Problem) -> SQLCommand {
        guard let transition = entity.states?.transitions.first(where: { $0.name == name }),
            let move = writes.transitions[name]
        else { throw .notFound("transition") }
        guard !transition.needsReason || !(reason ?? "").isEmpty else {
            throw .invalid("/reason", "required", "A reason is required.")
        }
        let document = try document.changes(values)
        var parameters = audit(id, context)
        parameters += [JSONValue.object(document).text, version.map { String($0) }, reason]
        if move.hasEvent { parameters.append(context.eventID.parameter) }
        return move.statement.command(parameters, for: context.scope)
    }

    /// The transitions that a record in that status may take, for the refusal's `allowed`.
    package func transitions(from status: String) -> [String] {
        entity.states?.transitions.filter { $0.from.contains(status) }.map(\.name) ?? []
    }

    /// The first parameters of every write; see ``AuditText``.
    func audit(_ record: RecordID, _ context: WriteContext) -> [SQLParameter] {
        [
            record.description, context.actor.id.parameter, context.actor.kind, context.request?.description,
            context.entryID.parameter,
        ]
    }
}
