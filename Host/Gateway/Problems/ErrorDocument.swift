/// `docs/ERRORS.md`, made from ``ErrorTable``; a test keeps the file equal to it.
package enum ErrorDocument {
    package static var markdown: String {
        let rows = ErrorTable.rows.map { "| `\($0.code)` | \($0.status) | \($0.title) | \($0.advice) |" }
        return """
            # Errors

            Every error is an RFC 9457 document, `application/problem+json`:

            ```json
            {
              "type": "https://thorbis.dev/problems/version_conflict",
              "title": "Version conflict",
              "status": 412,
              "code": "version_conflict",
              "detail": "The record was changed by somebody else.",
              "instance": "urn:uuid:019ab0c4-5b7e-7a53-8c1f-3f2a7e1d9b60",
              "current_version": 4
            }
            ```

            Branch on `code`; it never changes its meaning. `title` and `detail` are for people. `instance` is the \
            request's id, the same as in the header `X-Request-Id` and in the server's log. `errors`, where it is \
            there, lists each field at fault as `{"path", "code", "detail"}`; `path` is a JSON pointer (RFC 6901) into \
            the body or the name of a parameter. More members belong to single codes.

            | code | status | title | what to do |
            |---|---|---|---|
            \(rows.joined(separator: "\n"))

            Codes that are not listed here are refusals of a plugin's operation, declared in its manifest under \
            `errors`. They have the status 409, and the operation's page in the OpenAPI document lists them.

            """
    }
}
