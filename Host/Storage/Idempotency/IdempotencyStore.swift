import Foundation
package import HostModel
import HostPostgres
import HostSQL

/// Does a request once and remembers its answer: effect and answer are committed together.
///
/// Answers are kept for 48 hours. Whoever keeps one takes some expired ones of the same business away, so there is
/// nobody else to do it.
package struct IdempotencyStore: Sendable {
    let lane: TenantLane
    let seal: AnswerSeal

    /// How a request with a key ended.
    package enum Outcome: Sendable {
        /// It was done now, or refused now after it had begun; the answer is kept.
        case first(KeptAnswer)
        /// It was answered before, with this.
        case repeated(KeptAnswer)
    }

    /// An error of the work that nothing could be kept with: its transaction was lost.
    private struct Unkept: Error {
        let problem: Problem
    }

    /// Runs the work unless the claim has an answer.
    ///
    /// The work may run twice, when PostgreSQL gave its transaction up for another one.
    ///
    /// - Parameters:
    ///   - claim: What the request is.
    ///   - scope: The business.
    ///   - deadline: For all of it.
    ///   - work: Does it, in the scope that it is given.
    ///   - refused: The answer of a problem that the work ended in.
    /// - Throws: What the work throws before it has sent anything to the database, and what says that trying again may
    ///   help: neither is kept. `idempotency_key_reused`, `idempotency_in_flight`, `idempotency_answer_withheld`.
    package func perform(
        _ claim: IdempotencyClaim, in scope: TenantScope, deadline: Duration,
        _ work: (TenantScope) async throws(Problem) -> KeptAnswer, refused: (Problem) -> KeptAnswer
    ) async throws(Problem) -> Outcome {
        do {
            do {
                return try await attempt(claim, scope, deadline, work, refused)
            } catch let problem as Problem where problem == .givenUp {
                return try await attempt(claim, scope, deadline, work, refused)
            }
        } catch let unkept as Unkept {
            return try await keepAlone(refused(unkept.problem), claim, scope)
        } catch {
            throw lane.refusals.problem(any: error, request: scope.request)
        }
    }

    private func attempt(
        _ claim: IdempotencyClaim, _ scope: TenantScope, _ deadline: Duration,
        _ work: (TenantScope) async throws(Problem) -> KeptAnswer, _ refused: (Problem) -> KeptAnswer
    ) async throws -> Outcome {
        let opening = [
            TenantSetting.writing(scope), IdempotencyStatements.lock(claim, in: scope.business),
            IdempotencyStatements.find(claim), Savepoint.request.set,
        ]
        return try await lane.transaction(opening: opening, in: scope, deadline: deadline) { transaction, rows in
            if let kept = try answer(claim, scope, locked: rows[1], found: rows[2]) { return replayed(kept, scope) }
            let joined = JoinedTransaction(transaction)
            let result: KeptAnswer
            do throws(Problem) {
                result = try await work(scope.joining(joined))
            } catch {
                guard joined.hasBegun, error.isFinal else { throw error }
                result = refused(error)
                guard await Self.undo(transaction) else { throw Unkept(problem: error) }
            }
            _ = try await transaction.execute([try keep(result, claim, scope), IdempotencyStatements.tidying])
            return .first(result)
        }
    }

    /// What the first statements found: nil when the request is to be done now.
    private func answer(
        _ claim: IdempotencyClaim, _ scope: TenantScope, locked: Rows, found: Rows
    ) throws(Problem) -> KeptAnswer? {
        // Looked at first: with an answer there is nothing to wait for.
        if found.count == 1 { return try opened(found, claim, scope) }
        guard locked.text(0, 0) == "true" else { throw .idempotencyInFlight }
        return nil
    }

    private func opened(_ found: Rows, _ claim: IdempotencyClaim, _ scope: TenantScope) throws(Problem) -> KeptAnswer {
        guard found.text(0, 0) == claim.request.hexadecimal else { throw .idempotencyKeyReused }
        guard let status = found.integer(0, 2).map({ Int($0) }) else { throw .failed }
        guard found.text(0, 1) == claim.rights.hexadecimal,
            let sealed = found.text(0, 3).flatMap({ Data(base64Encoded: $0, options: .ignoreUnknownCharacters) }),
            let bytes = seal.open(sealed, of: claim, in: scope.business, status: status),
            let answer = KeptAnswer(status: status, packed: bytes)
        else { throw .idempotencyAnswerWithheld(status: status) }
        return answer
    }

    private func keep(
        _ answer: KeptAnswer, _ claim: IdempotencyClaim, _ scope: TenantScope
    ) throws(Problem) -> SQLCommand {
        var sealed: Data?
        if let packed = answer.packed {
            sealed = try seal.seal(packed, of: claim, in: scope.business, status: answer.status)
        }
        return IdempotencyStatements.keep(claim, status: answer.status, sealed: sealed)
    }

    /// Undoes the work and leaves the claim's lock; false when the transaction can't go on.
    private static func undo(_ transaction: DatabaseTransaction) async -> Bool {
        do throws(DatabaseError) {
            try await transaction.undo(to: .request)
            return true
        } catch {
            return false
        }
    }

    /// Keeps a refusal whose transaction was lost. When the claim has an answer after all, that one counts: the
    /// transaction was committed before it was lost.
    private func keepAlone(
        _ answer: KeptAnswer, _ claim: IdempotencyClaim, _ scope: TenantScope
    ) async throws(Problem) -> Outcome {
        let rows = try await lane.write(try keep(answer, claim, scope), in: scope)
        if rows.count == 1 { return .first(answer) }
        let found = try await lane.read(IdempotencyStatements.find(claim), in: scope)
        guard found.count == 1 else { throw .unavailable() }
        return replayed(try opened(found, claim, scope), scope)
    }

    /// Whoever wrote may have been killed after the commit, before it counted: this is where a client hears of it.
    private func replayed(_ answer: KeptAnswer, _ scope: TenantScope) -> Outcome {
        lane.board?.countAll(in: scope.business)
        return .repeated(answer)
    }
}

extension Problem {
    /// Whether the same request would end in the same way: false for what says that trying again may help.
    fileprivate var isFinal: Bool {
        code != .unavailable && code != .rateLimited && members["retryable"] != true
    }

    fileprivate static let idempotencyInFlight = Problem(
        .idempotencyInFlight, "The first request with this `Idempotency-Key` is still running; wait for its answer.",
        retryAfter: .seconds(1))

    fileprivate static let idempotencyKeyReused = Problem(
        .idempotencyKeyReused,
        "This `Idempotency-Key` was sent with another body, `If-Match` or query, or by somebody else; "
            + "a new request needs a new key.")

    fileprivate static func idempotencyAnswerWithheld(status: Int) -> Problem {
        Problem(
            .idempotencyAnswerWithheld,
            "This request was answered before, but its answer can't be shown again: your roles have changed since, or "
                + "it was too large to keep. Read the records.",
            members: ["answered": .int(Int64(status))])
    }
}
