/// The rules of lines that are written with their document: nothing of them may have a life beside it.
struct LineChecks {
    let manifest: Manifest
    let entity: Entity
    let findings: Findings

    func run() {
        guard let parent = entity.parent, let written = parent.written, let document = manifest.entity(parent.entity)
        else { return }
        checkLine()
        checkPosition()
        if document.writing == .operations {
            report(["parent"], "`\(document.name)` is written by operations only, so its lines are too")
        }
        if document.feature != entity.feature {
            report(["feature"], "lines have the feature of their document", suggestion: "let both have the same one")
        }
        checkStatuses(written, of: document)
    }

    private func checkLine() {
        if entity.writing == .operations {
            report(["writable"], "lines are either written with their document or by operations only")
        }
        if entity.isArchivable {
            report(["archivable"], "a line that is left out of its document is deleted, so it can't be archived")
        }
        if entity.states != nil {
            report(["states"], "a line has no statuses of its own: a change of one would pass its document by")
        }
        if !entity.counters.isEmpty {
            report(["fields"], "a line has no counters: a step would pass its document by")
        }
    }

    /// The host numbers lines from 1; swapping two numbers breaks a unique rule for a moment.
    private func checkPosition() {
        guard let position = entity.field(Entity.position) else {
            return report(
                ["parent"], "lines that are written with their document keep its order in a field `position`",
                suggestion: "add `position: {type: int, readOnly: true}`")
        }
        if !entity.numbers(position) {
            report(
                ["fields", Entity.position], "the host numbers the lines from 1",
                suggestion: "write `position: {type: int, readOnly: true}` without other bounds")
        }
        if position.isUnique || entity.unique.contains(where: { $0.columns.contains(Entity.position) }) {
            report(["unique"], "the host keeps the positions of lines apart by itself")
        }
    }

    private func checkStatuses(_ written: Entity.Parent.Together, of document: Entity) {
        let known = document.states?.statuses ?? []
        for status in written.statuses ?? [] where !known.contains(status) {
            findings.reportUnknown(
                .lines, in: ["entities", entity.name, "parent", "statuses"], "the status", status, known: known)
        }
    }

    private func report(_ path: [String], _ message: String, suggestion: String? = nil) {
        findings.report(.lines, in: ["entities", entity.name] + path, message, suggestion: suggestion)
    }
}

extension Entity {
    /// Whether the host gives a field of lines their numbers.
    func numbers(_ field: Field) -> Bool {
        guard parent?.written != nil, field.name == Self.position, field.isReadOnly, field.defaultValue == nil,
            case .int(let min, let max) = field.type
        else { return false }
        return min <= 1 && max >= Int64(Parent.Together.countMax)
    }
}
