import HostManifest
import HostModel
import HostPostgres
import HostSQL

/// The one row that a change of a record answers with; `EntityPlan.update` says what is in it.
struct ChangeAnswer {
    private let rows: Rows
    private let plan: EntityPlan
    private let scope: TenantScope
    private let transition: String?

    /// - Parameter scope: Who is to see the record.
    init(_ rows: Rows, of plan: EntityPlan, in scope: TenantScope, transition: String? = nil) {
        self.rows = rows
        self.plan = plan
        self.scope = scope
        self.transition = transition
    }

    /// The changed record, or why there is none.
    func record() throws(Problem) -> StoredRecord {
        guard rows.count == 1, let text = rows.text(0, 0), let outcome = ChangeOutcome(column: text) else {
            throw .failed
        }
        switch outcome {
        case .done:
            return StoredRecord(
                version: rows.integer(0, 1) ?? 0, json: try JSONText(rows, row: 0, column: 2).veiled(plan, in: scope),
                standing: RecordStanding(rows, row: 0, of: plan, status: 3, maker: 5))
        case .missing: throw .notFound(plan.entity.name)
        case .stale: throw .stale(currentVersion: rows.integer(0, 1) ?? 0)
        case .archived: throw Problem(.conflict, "The \(plan.entity.name) is archived and takes no changes.")
        case .forbidden: throw forbidden(from: rows.text(0, 3) ?? "")
        case .unlabelled:
            throw .invalid(
                "/\(StateMachine.labelColumn)", "unknown_reference",
                "Choose a label of the status \(rows.text(0, 3) ?? ""), which the \(plan.entity.name) has now.")
        case .guarded: throw guarded(ChangeOutcome.unmet(in: text))
        }
    }

    private func guarded(_ unmet: [String]) -> Problem {
        let guards = plan.entity.states?.transitions.first { $0.name == transition }?.guards ?? []
        return Problem(
            .guardFailed, "The \(plan.entity.name) isn't ready for the transition \(transition ?? "").",
            faults: guards.filter { unmet.contains($0.id) }.map(\.unmet))
    }

    private func forbidden(from status: String) -> Problem {
        Problem(
            .invalidTransition,
            "A \(plan.entity.name) that is \(status) can't take the transition \(transition ?? "").",
            members: [
                "from": .string(status),
                "allowed": .array(plan.transitions(from: status).map { .string($0) }),
            ])
    }
}

extension Problem {
    /// Somebody else changed the record since it was read.
    static func stale(currentVersion: Int64) -> Problem {
        Problem(
            .versionConflict, "The record was changed since you read it; read it again.",
            members: ["current_version": .int(currentVersion)])
    }
}

extension Rows {
    /// A whole number; nil for NULL.
    func integer(_ row: Int, _ column: Int) -> Int64? { text(row, column).flatMap { Int64($0) } }
}
