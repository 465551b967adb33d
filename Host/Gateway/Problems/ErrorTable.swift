package import HostModel

/// The one table from a problem's code to its HTTP status and title; `docs/ERRORS.md` lists the same rows.
package enum ErrorTable {
    /// How one code looks at the edge.
    package struct Row: Hashable, Sendable {
        package let code: Problem.Code
        package let status: Int
        /// The same for every occurrence (RFC 9457 section 3.1.4).
        package let title: String
        /// What the client should do; the right column of the document.
        package let advice: String

        init(_ code: Problem.Code, _ status: Int, _ title: String, _ advice: String) {
            self.code = code
            self.status = status
            self.title = title
            self.advice = advice
        }
    }

    /// Ordered by status, then by code.
    package static let rows: [Row] = [
        Row(.invalidCursor, 400, "Invalid cursor", "Start the list again without `cursor`."),
        Row(.malformedBody, 400, "Malformed body", "Send one JSON object; `offset` and `reason` say where it breaks."),
        Row(.malformedRequest, 400, "Malformed request", "Correct the request line, header field or parameter named."),
        Row(.signInFailed, 401, "Sign-in failed", "Check e-mail address and password; which one is wrong is not told."),
        Row(.tokenExpired, 401, "Access token expired", "Get a new token with the refresh token."),
        Row(.unauthenticated, 401, "Not signed in", "Sign in and send `Authorization: Bearer <token>`."),
        Row(.featureNotInTier, 403, "Feature not in tier", "`required_tier` is the first tier that has `feature`."),
        Row(.forbidden, 403, "Forbidden", "Ask an owner of the business for the `permission` named."),
        Row(.notFound, 404, "Not found", "Check path and id; a record of another business is not found either."),
        Row(.methodNotAllowed, 405, "Method not allowed", "Use one of the methods in `Allow`."),
        Row(.notAcceptable, 406, "Not acceptable", "Accept `application/json` or `*/*`."),
        Row(.requestTimeout, 408, "Request timeout", "Send the whole request without a pause."),
        Row(.alreadyExists, 409, "Already exists", "Another record has the same unique values."),
        Row(.conflict, 409, "Conflict", "Read the record again, then decide."),
        Row(
            .counterOutOfRange, 409, "Counter out of range",
            "`field` would break `bound`; `available` is how far it can go."),
        Row(
            .guardFailed, 409, "Guard failed", "`errors` names each condition that the record doesn't meet."),
        Row(
            .idempotencyAnswerWithheld, 409, "Answer withheld",
            "The request was answered before, with the status `answered`; read the records."),
        Row(
            .idempotencyInFlight, 409, "Request in flight", "Wait for `Retry-After` seconds and send it again as it is."
        ),
        Row(.invalidTransition, 409, "Invalid transition", "`from` is the status now, `allowed` the ways out of it."),
        Row(
            .scheduleConflict, 409, "Schedule conflict",
            "`conflicts` names the records that have the time; choose another time."),
        Row(
            .totalMismatch, 409, "Total mismatch", "The total expected is not the one computed; read the prices."),
        Row(
            .uploadOffset, 409, "Upload offset", "Go on sending the file at the byte `expected_offset`."),
        Row(.versionConflict, 412, "Version conflict", "Read the record again and send its ETag in `If-Match`."),
        Row(.bodyTooLarge, 413, "Body too large", "Send at most `max_bytes` bytes."),
        Row(.unsupportedMediaType, 415, "Unsupported media type", "Send `Content-Type: application/json`."),
        Row(.amountOverflow, 422, "Amount overflow", "The amounts are too large to be added exactly."),
        Row(
            .idempotencyKeyReused, 422, "Idempotency key reused", "Send a new request with a new `Idempotency-Key`."),
        Row(.statusNotWritable, 422, "Status not writable", "Use the action of the transition instead."),
        Row(.validationFailed, 422, "Validation failed", "`errors` names every field at fault and the rule it breaks."),
        Row(.preconditionRequired, 428, "Precondition required", "Send the record's ETag in `If-Match`."),
        Row(.rateLimited, 429, "Rate limited", "Wait for `Retry-After` seconds."),
        Row(.headerTooLarge, 431, "Header fields too large", "Send fewer or shorter header fields."),
        Row(.internalError, 500, "Internal error", "Try again; if it stays, report `instance`."),
        Row(
            .pluginQuarantined, 503, "Plugin quarantined",
            "Records can be read and written; try the operation again after `Retry-After` seconds."),
        Row(.unavailable, 503, "Unavailable", "Wait for `Retry-After` seconds."),
        Row(
            .deadlineExceeded, 504, "Deadline exceeded",
            "A read changed nothing; after a write, read the record before trying again."),
    ]

    /// The row of a code. Codes that are not in the table are refusals that a plugin declares: 409.
    package static func row(_ code: Problem.Code) -> Row {
        byCode[code] ?? Row(code, 409, title(of: code), "Declared by a plugin; `detail` says what to do.")
    }

    private static let byCode = Dictionary(uniqueKeysWithValues: rows.map { ($0.code, $0) })

    /// `not_payable` → `Not payable`.
    private static func title(of code: Problem.Code) -> String {
        let words = code.description.replacing("_", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
