/// An error for the person or program at the other end: RFC 9457 without the HTTP part.
///
/// The gateway turns the code into a status; `docs/ERRORS.md` lists every code. Nothing in it names secrets, SQL or
/// another business.
package struct Problem: Error, Hashable, Sendable {
    /// A stable name, such as `version_conflict`. Open-ended: plugins bring their own.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        package let description: String
        package init(_ description: String) { self.description = description }
    }

    package let code: Code
    /// One sentence: what was expected, where, what to do.
    package let detail: String
    /// The fields at fault, with `validation_failed`.
    package let faults: [Fault]
    /// Facts a program can use; members of the problem document.
    package let members: [String: JSONValue]
    /// When trying again makes sense, for `unavailable` and the like.
    package let retryAfter: Duration?

    package init(
        _ code: Code, _ detail: String, faults: [Fault] = [], members: [String: JSONValue] = [:],
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.detail = detail
        self.faults = faults
        self.members = members
        self.retryAfter = retryAfter
    }

    /// One field at fault: a JSON pointer (RFC 6901) into the body, or a parameter's name, and the broken rule.
    package struct Fault: Hashable, Sendable {
        package let path: String
        package let code: String
        package let detail: String

        package init(path: String, code: String, detail: String) {
            self.path = path
            self.code = code
            self.detail = detail
        }
    }
}

extension Problem.Code {
    package static let malformedBody = Self("malformed_body")
    package static let bodyTooLarge = Self("body_too_large")
    package static let unsupportedMediaType = Self("unsupported_media_type")
    package static let notAcceptable = Self("not_acceptable")
    package static let malformedRequest = Self("malformed_request")
    package static let validationFailed = Self("validation_failed")
    package static let statusNotWritable = Self("status_not_writable")
    package static let invalidCursor = Self("invalid_cursor")
    package static let unauthenticated = Self("unauthenticated")
    package static let tokenExpired = Self("token_expired")
    package static let signInFailed = Self("sign_in_failed")
    package static let forbidden = Self("forbidden")
    package static let featureNotInTier = Self("feature_not_in_tier")
    package static let notFound = Self("not_found")
    package static let methodNotAllowed = Self("method_not_allowed")
    package static let invalidTransition = Self("invalid_transition")
    package static let guardFailed = Self("guard_failed")
    package static let conflict = Self("conflict")
    package static let alreadyExists = Self("already_exists")
    package static let scheduleConflict = Self("schedule_conflict")
    package static let counterOutOfRange = Self("counter_out_of_range")
    package static let totalMismatch = Self("total_mismatch")
    package static let amountOverflow = Self("amount_overflow")
    /// Bytes of a file that don't come next.
    package static let uploadOffset = Self("upload_offset")
    package static let versionConflict = Self("version_conflict")
    package static let preconditionRequired = Self("precondition_required")
    package static let idempotencyInFlight = Self("idempotency_in_flight")
    package static let idempotencyKeyReused = Self("idempotency_key_reused")
    package static let idempotencyAnswerWithheld = Self("idempotency_answer_withheld")
    package static let rateLimited = Self("rate_limited")
    package static let unavailable = Self("unavailable")
    package static let pluginQuarantined = Self("plugin_quarantined")
    package static let deadlineExceeded = Self("deadline_exceeded")
    package static let internalError = Self("internal_error")
}

extension Problem {
    /// The answer for a record that isn't there; the same for one of another business.
    package static func notFound(_ kind: String) -> Problem {
        Problem(.notFound, "There is no such \(kind).")
    }

    /// One field breaks a rule.
    package static func invalid(_ path: String, _ code: String, _ detail: String) -> Problem {
        Problem(
            .validationFailed, "The request has a field that is not valid: \(path).",
            faults: [Fault(path: path, code: code, detail: detail)])
    }

    /// The database can't answer now; nothing was changed unless the answer to a commit was lost.
    package static func unavailable(retryAfter: Duration = .seconds(1)) -> Problem {
        Problem(.unavailable, "The service is busy or restarting; try again shortly.", retryAfter: retryAfter)
    }
}
