import HostModel
import HostPostgres
import HostSQL

/// Turns what the database says into what the caller may know.
struct Refusals: Sendable {
    let observer: any Observer

    /// The problem behind an error. Details of one that nobody foresaw go to the observer only.
    func problem(_ error: DatabaseError, request: RequestID?, constraints: ConstraintCatalogue? = nil) -> Problem {
        switch error.code {
        case .unavailable, .queueFull: return .unavailable()
        case .deadlineExceeded: return .tookTooLong
        case .refused: break
        default: return unforeseen(error, request)
        }
        guard let state = error.sqlState else { return unforeseen(error, request) }
        if PostgresState.givenUp.contains(state) { return .givenUp }
        if state == PostgresState.queryCanceled { return .tookTooLong }
        if PostgresState.isUnavailable(state) { return .unavailable() }
        if PostgresState.movedOn.contains(state) {
            report("\(state): \(error.detail)", request)
            return .outdated
        }
        let known = constraints?.problem(sqlState: state, constraint: error.constraint, column: error.column)
        return known ?? unforeseen(error, request)
    }

    /// The problem behind an error of a transaction's body.
    func problem(any error: any Error, request: RequestID?) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as DatabaseError: return self.problem(error, request: request)
        default:
            report("\(error)", request)
            return .failed
        }
    }

    private func unforeseen(_ error: DatabaseError, _ request: RequestID?) -> Problem {
        report("\(error.code) \(error.sqlState ?? "-") \(error.constraint ?? "-"): \(error.detail)", request)
        return .failed
    }

    private func report(_ detail: String, _ request: RequestID?) {
        guard let request else { return observer.observe(.databaseRefused(detail: detail)) }
        observer.observe(.internalError(request: request, room: "storage", detail: detail))
    }
}

/// The error codes of PostgreSQL (appendix A) that no constraint is behind.
enum PostgresState {
    /// Serialization failure and deadlock: the same transaction may succeed when it is run again.
    static let givenUp: Set<String> = ["40001", "40P01"]
    static let queryCanceled = "57014"
    /// A column, table or function that isn't there: a newer host renamed or dropped what this one's statements name.
    static let movedOn: Set<String> = ["42703", "42P01", "42883"]
    /// Unique and exclusion constraints: another record has the value.
    static let taken: Set<String> = ["23505", "23P01"]

    /// Out of resources, shutting down, starting up, or turned read-only by a failover.
    static func isUnavailable(_ state: String) -> Bool {
        state.hasPrefix("53") || state.hasPrefix("08") || ["57P01", "57P02", "57P03"].contains(state)
    }
}

extension Problem {
    static let tookTooLong = Problem(
        .deadlineExceeded, "The database took too long to answer.", retryAfter: .seconds(1))
    /// Nothing was changed; `retryable` says that the same request may succeed now.
    static let givenUp = Problem(
        .conflict, "Another change got in the way; try again.", members: ["retryable": true])
    static let outdated = Problem(
        .unavailable, "This server is older than its database and has to be replaced; try again shortly.",
        retryAfter: .seconds(5))
    static let failed = Problem(.internalError, "Something went wrong on our side.")
}
