import PluginAPI

/// The records of a business as a value: a copy of it is a savepoint.
struct Shelf: Sendable {
    private let rules: [String: EntityRules]
    private var records: [String: [Record]] = [:]
    private var numbers: [String: Int] = [:]
    private var idCount: UInt64 = 0
    var events: [PublishedEvent] = []

    init(rules: [EntityRules]) {
        self.rules = Dictionary(rules.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func read(_ entity: String, _ id: RecordID) -> Record? {
        records[entity]?.first { $0["id"] == .id(id) }
    }

    func find(_ entity: String, matching: Record, limit: Int) -> [Record] {
        let found = (records[entity] ?? []).lazy.filter { record in
            matching.values.allSatisfy { record[$0.key] == $0.value }
        }
        return Array(found.prefix(limit))
    }

    mutating func create(_ entity: String, _ fields: Record) throws(Refusal) -> Record {
        let rules = try rules(of: entity)
        try checkReferences(fields, rules)
        idCount += 1
        var record = rules.defaults
        for (name, value) in fields.values where value != .null { record[name] = value }
        if record["id"] == .null { record["id"] = .id(RecordID(high: 0x0190, low: idCount)) }
        record["version"] = .int(1)
        if let states = rules.states { record[states.field] = .text(states.initial) }
        records[entity, default: []].append(record)
        return record
    }

    mutating func update(
        _ entity: String, _ id: RecordID, version: Int64?, _ fields: Record
    ) throws(Refusal) -> Record {
        let rules = try rules(of: entity)
        if let states = rules.states, fields[states.field] != .null { throw .statusNotWritable }
        try checkReferences(fields, rules)
        return try write(entity, id, version: version, fields)
    }

    mutating func transition(
        _ entity: String, _ id: RecordID, version: Int64?, _ name: String, _ fields: Record, reason: String?
    ) throws(Refusal) -> (record: Record, event: PublishedEvent?) {
        guard let states = try rules(of: entity).states, let transition = states.transitions[name] else {
            throw .undeclared("transition \(entity) \(name)")
        }
        guard let record = read(entity, id) else { throw .notFound(entity) }
        guard case .text(let status) = record[states.field], transition.from.contains(status) else {
            throw Refusal(
                code: "invalid_transition", message: "The status doesn't allow \(name).",
                details: ["from": record[states.field]])
        }
        if transition.needsReason, reason == nil { throw .invalid("reason", code: "required") }
        var changes = fields
        changes[states.field] = .text(transition.to)
        let moved = try write(entity, id, version: version, changes)
        let event = transition.emits.map { PublishedEvent($0, by: moved, of: entity) }
        if let event { events.append(event) }
        return (moved, event)
    }

    /// Adds to counters; none is changed when one would leave its bounds.
    mutating func adjust(_ entity: String, _ id: RecordID, _ steps: Record) throws(Refusal) -> Record {
        let counters = try rules(of: entity).counters
        guard let record = read(entity, id) else { throw .notFound(entity) }
        var changes = Record()
        for (name, value) in steps.values.sorted(by: { $0.key < $1.key }) {
            guard let bounds = counters[name], case .int(let step) = value else {
                throw .undeclared("counter \(name) of \(entity)")
            }
            var current: Int64 = 0
            if case .int(let value) = record[name] { current = value }
            let (sum, overflows) = current.addingReportingOverflow(step)
            guard !overflows, bounds.contains(sum) else { throw .outOfRange(name, step, current, bounds) }
            changes[name] = .int(sum)
        }
        return try write(entity, id, version: nil, changes)
    }

    /// Children name their parent by its bare name, as in `work_order_line.work_order`.
    mutating func deleteChildren(_ entity: String, of parent: RecordID) {
        records[entity]?.removeAll { record in record.values.contains { $0.key != "id" && $0.value == .id(parent) } }
    }

    mutating func nextNumber(of entity: String) throws(Refusal) -> String {
        guard let prefix = try rules(of: entity).numberPrefix else { throw .undeclared("sequence of \(entity)") }
        numbers[entity, default: 0] += 1
        let digits = String(numbers[entity, default: 0])
        return prefix + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    private mutating func write(
        _ entity: String, _ id: RecordID, version: Int64?, _ fields: Record
    ) throws(Refusal) -> Record {
        guard let index = records[entity]?.firstIndex(where: { $0["id"] == .id(id) }) else { throw .notFound(entity) }
        var record = records[entity, default: []][index]
        let current: Int64 = try record.required("version")
        guard current == version ?? current else {
            throw Refusal(
                code: "version_conflict", message: "The record was changed meanwhile.",
                details: ["current_version": .int(current)])
        }
        for (name, value) in fields.values { record[name] = value }
        record["version"] = .int(current + 1)
        records[entity]?[index] = record
        return record
    }

    private func rules(of entity: String) throws(Refusal) -> EntityRules {
        guard let rules = rules[entity] else { throw .undeclared("entity \(entity)") }
        return rules
    }

    private func checkReferences(_ fields: Record, _ rules: EntityRules) throws(Refusal) {
        for (field, target) in rules.references {
            guard case .id(let id) = fields[field], read(target, id) == nil else { continue }
            throw .invalid(field, code: "not_found")
        }
    }
}

extension PublishedEvent {
    /// Fills an event as the host does: fields of the record, and its id under the entity's bare name.
    fileprivate init(_ event: StateRules.Event, by record: Record, of entity: String) {
        let names = entity.split(separator: ".").map(String.init)
        var payload = Record()
        for field in event.payload { payload[field] = field == names.last ? record["id"] : record[field] }
        self.init(name: "\(names.first ?? entity).\(event.name)", payload: payload)
    }
}

extension Refusal {
    /// A status is changed by transitions only.
    fileprivate static var statusNotWritable: Refusal {
        Refusal(code: "status_not_writable", message: "A status is changed by transitions only.")
    }

    /// A counter can't go so far.
    fileprivate static func outOfRange(
        _ name: String, _ step: Int64, _ current: Int64, _ bounds: ClosedRange<Int64>
    ) -> Refusal {
        let bound = step < 0 ? "min" : "max"
        let end = step < 0 ? bounds.lowerBound : bounds.upperBound
        let (distance, overflows) = end.subtractingReportingOverflow(current)
        return Refusal(
            code: "counter_out_of_range", message: "\(name) can't change by \(step).",
            details: [
                "field": .text(name), "bound": .text(bound), "current": .int(current),
                "available": .int(overflows ? .max : Int64(clamping: distance.magnitude)),
            ])
    }

    /// The test's tables don't have what the handler asked for.
    fileprivate static func undeclared(_ what: String) -> Refusal {
        Refusal(code: "undeclared", message: "The test doesn't declare the \(what).")
    }
}
