import HostAuth
import HostManifest
import HostModel
import HostPostgres
import HostSQL

/// Writes the lines of one document, in the transaction that writes the document.
///
/// The document's row is locked by then, so lines of one document are never written by two at once.
struct LineWriting: Sendable {
    let store: RecordStore
    let lines: WrittenLines
    let document: RecordID
    let rights: LineRights
    /// Joined to the transaction.
    let scope: TenantScope

    private var plan: EntityPlan { lines.plan }
    private var label: String { plan.reference.description }

    /// The lines of a new document.
    func make(_ sent: [JSONObject]) async throws(Problem) {
        try await write(LineMatching(sent, present: [], isNew: true, member: lines.member))
    }

    /// Puts lines in the place of those that are there: removes what isn't sent, changes what differs, adds the rest.
    func replace(with sent: [JSONObject]) async throws(Problem) {
        let rows = try await store.lane.write(lines.present(in: document), in: scope)
        let present = (0..<rows.count).compactMap { row in
            rows.text(row, 0).flatMap { RecordID($0) }.map {
                LineMatching.Present(id: $0, maker: rows.text(row, 1) ?? "", externalID: rows.text(row, 2))
            }
        }
        try await write(LineMatching(sent, present: present, isNew: false, member: lines.member))
    }

    /// One statement, and where to look for its fault.
    private struct Step {
        let command: SQLCommand
        let index: Int?
        /// Whether it answers with one row, as every write of a line does.
        var isWrite = true
    }

    private func write(_ matching: LineMatching) async throws(Problem) {
        var steps = try removals(matching.removed)
        steps += try await changes(try await differing(matching.kept))
        steps += try await additions(matching.added)
        // Fewer than a unit may have: a savepoint or a BEGIN may come first.
        for start in stride(from: 0, to: steps.count, by: Self.stepCountMax) {
            try await run(Array(steps[start..<min(start + Self.stepCountMax, steps.count)]))
        }
    }

    private static let stepCountMax = 24

    private func removals(_ removed: [LineMatching.Present]) throws(Problem) -> [Step] {
        guard !removed.isEmpty else { return [] }
        let reach = try rights.require("delete", of: label)
        try check(reach, removed.map { ($0, nil) }, "delete")
        return removed.map { Step(command: lines.remove($0.id, by: context), index: nil) }
    }

    private typealias Kept = (line: LineMatching.Present, sent: LineMatching.Sent)
    /// A line with its new values.
    private struct Changed {
        let line: LineMatching.Present
        let index: Int
        let checked: CustomFieldStore.Checked
        var values: [String: JSONValue] { checked.values }
    }

    /// The lines that their new values change, with those values.
    private func differing(_ kept: [Kept]) async throws(Problem) -> [Changed] {
        guard !kept.isEmpty else { return [] }
        var (wanted, hidden): ([Changed], Set<RecordID>) = ([], [])
        for (line, sent) in kept {
            var values = Dictionary(uniqueKeysWithValues: sent.values.members.map { ($0.name, $0.value) })
            values["id"] = nil
            // What is sealed has another form each time, so a value that is sent is one that changes.
            if try plan.secrets?.plain(in: values).isEmpty == false { hidden.insert(line.id) }
            let checked = try await self.checked(lines.numbered(values, at: sent.index), .change, at: sent.index)
            wanted.append(Changed(line: line, index: sent.index, checked: checked))
        }
        let compared = wanted.filter { !hidden.contains($0.line.id) }.map { (id: $0.line.id, values: $0.values) }
        var changed = hidden
        if !compared.isEmpty {
            let command: SQLCommand
            do {
                command = try lines.differing(compared, in: document)
            } catch {
                throw placedByOne(error, wanted)
            }
            let rows = try await store.lane.write(command, in: scope, constraints: plan.constraints)
            changed.formUnion((0..<rows.count).compactMap { rows.text($0, 0).flatMap { RecordID($0) } })
        }
        return wanted.filter { changed.contains($0.line.id) }
    }

    /// Says which line is at fault when one of several broke a check.
    private func placedByOne(_ problem: Problem, _ wanted: [Changed]) -> Problem {
        for line in wanted {
            do {
                _ = try plan.document(changing: line.values)
            } catch {
                return error.placed(at: lines.member, line.index)
            }
        }
        return problem
    }

    private func changes(_ changed: [Changed]) async throws(Problem) -> [Step] {
        guard !changed.isEmpty else { return [] }
        let reach = try rights.require("update", of: label)
        try check(reach, changed.map { ($0.line, $0.index) }, "update")
        var steps: [Step] = []
        for change in changed {
            do {
                let sealed = try await store.vault.sealed(change.values, of: change.line.id, plan, in: scope)
                let command = try plan.update(change.line.id, version: nil, values: sealed, by: context)
                steps += Self.steps(change.checked, command, at: change.index)
            } catch {
                throw error.placed(at: lines.member, change.index)
            }
        }
        return steps
    }

    /// Holds the business's own fields of a line to their rules.
    private func checked(
        _ values: [String: JSONValue], _ write: CustomFields.Write, at index: Int
    ) async throws(Problem) -> CustomFieldStore.Checked {
        do throws(Problem) {
            return try await store.customFields.checked(values, of: plan, for: write, in: scope)
        } catch {
            throw error.placed(at: lines.member, index)
        }
    }

    /// A write behind what it expects of the records that it names.
    private static func steps(_ checked: CustomFieldStore.Checked, _ write: SQLCommand, at index: Int) -> [Step] {
        checked.expectations.map { Step(command: $0, index: index, isWrite: false) }
            + [Step(command: write, index: index)]
    }

    private func additions(_ added: [LineMatching.Sent]) async throws(Problem) -> [Step] {
        guard !added.isEmpty else { return [] }
        _ = try rights.require("create", of: label)
        var steps: [Step] = []
        for sent in added {
            let whole = try lines.completion.completed(sent.values, at: sent.index)
            let values = Dictionary(uniqueKeysWithValues: whole.members.map { ($0.name, $0.value) })
            let checked = try await checked(
                lines.numbered(values, at: sent.index, of: document), .creation, at: sent.index)
            do {
                let record = try NewRecord(checked.values, orID: store.ids.next())
                let sealed = try await store.vault.sealed(record, plan, in: scope)
                steps += Self.steps(checked, try plan.create(sealed, by: context), at: sent.index)
            } catch {
                throw error.placed(at: lines.member, sent.index)
            }
        }
        return steps
    }

    /// With the right to lines of one's own, those of others stay as they are.
    private func check(
        _ reach: PermissionScope, _ written: [(line: LineMatching.Present, index: Int?)], _ verb: String
    ) throws(Problem) {
        guard case .own(let user) = scope.records(reach) else { return }
        let foreign = written.filter { $0.line.maker != user.description }
        guard !foreign.isEmpty else { return }
        let permission = "\(label).\(verb)"
        throw Problem(
            .forbidden, "Your role's \(permission) reaches lines of your own only; leave the others as they are.",
            faults: foreign.map {
                Problem.Fault(
                    path: "/\(lines.member)" + ($0.index.map { "/\($0)" } ?? ""), code: "forbidden",
                    detail: "The line \($0.line.id) was made by somebody else.")
            }, members: ["permission": .string(permission)])
    }

    private func run(_ steps: [Step]) async throws(Problem) {
        do throws(StepRefusal) {
            let rows = try await store.lane.write(steps.map(\.command), in: scope, constraints: plan.constraints)
            guard zip(rows, steps).allSatisfy({ $0.count == 1 || !$1.isWrite }) else {
                throw StepRefusal(problem: .failed, command: nil)
            }
        } catch {
            guard let index = error.command.flatMap({ steps[$0].index }) else { throw error.problem }
            throw error.problem.placed(at: lines.member, index)
        }
    }

    private var context: WriteContext { store.context(scope, .business) }
}

extension Problem {
    /// The same problem of one line: its faults are at the line's members, and there is always one.
    fileprivate func placed(at member: String, _ index: Int) -> Problem {
        // What doesn't concern the line is told as it is.
        guard ![.unavailable, .deadlineExceeded, .internalError].contains(code), self != .givenUp else { return self }
        let place = "/\(member)/\(index)"
        let faults = faults.map { Fault(path: place + $0.path, code: $0.code, detail: $0.detail) }
        let whole = Fault(path: place, code: code.description, detail: detail)
        let detail =
            code == .validationFailed ? "The request has a line that is not valid: \(place)." : "\(place): \(detail)"
        return Problem(
            code, detail, faults: faults.isEmpty ? [whole] : faults, members: members, retryAfter: retryAfter)
    }
}
