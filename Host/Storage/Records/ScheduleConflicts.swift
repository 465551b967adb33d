import HostModel
import HostPostgres
import HostSQL

/// Names the records that have the time which a refused write wanted.
///
/// The write has failed and left nothing; they are read in a unit of their own afterwards, so the list tells who has
/// the time now. It may be empty when they gave it up meanwhile, or are part of the same transaction, which is undone.
struct ScheduleConflicts: Sendable {
    let lane: TenantLane

    /// A write that may be refused: the record and the values by column.
    struct Attempt: Sendable {
        let plan: EntityPlan
        let id: RecordID
        let document: JSONObject
        let scope: RecordScope
    }

    /// The problem with `conflicts`, and in `hidden` how many more there are that this person can't see; any other
    /// problem as it is.
    func completed(_ problem: Problem, _ attempt: Attempt, in scope: TenantScope) async -> Problem {
        guard problem.code == .scheduleConflict, let rule = problem.members["rule"]?.string,
            let command = attempt.plan.conflicts(
                of: rule, id: attempt.id, document: attempt.document, for: attempt.scope)
        else { return problem }
        // Without the list the refusal is still right, so a failure to read it isn't told.
        guard let rows = try? await lane.read(command, in: scope.alone) else { return problem }
        let count = min(rows.count, EntityPlan.conflictCountMax)
        let named = (0..<count).compactMap { rows.text($0, 0) }.compactMap { try? JSONParser.parse(Array($0.utf8)) }
        var members = problem.members
        members["conflicts"] = .array(named)
        members["hidden"] = .int(Int64(count - named.count))
        members["more"] = .bool(rows.count > count)
        return Problem(problem.code, problem.detail, faults: problem.faults, members: members)
    }
}
