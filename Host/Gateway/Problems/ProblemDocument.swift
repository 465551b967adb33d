package import HostModel

/// A problem as an HTTP answer (RFC 9457).
package enum ProblemDocument {
    /// The answer; `instance` is the request's id, so that a report leads to the log line.
    package static func response(_ problem: Problem, id: RequestID) -> HTTPResponse {
        let row = ErrorTable.row(problem.code)
        return HTTPResponse(
            status: row.status, contentType: .problem, body: .bytes(json(problem, row, id: id).utf8),
            fields: fields(problem, row), code: problem.code.description)
    }

    private static func json(_ problem: Problem, _ row: ErrorTable.Row, id: RequestID) -> JSONValue {
        var document = JSONObject([
            "type": .string("https://thorbis.dev/problems/\(problem.code)"),
            "title": .string(row.title),
            "status": .int(Int64(row.status)),
            "code": .string(problem.code.description),
            "detail": .string(problem.detail),
            "instance": .string("urn:uuid:\(id)"),
        ])
        if !problem.faults.isEmpty {
            document["errors"] = .array(
                problem.faults.map {
                    ["path": .string($0.path), "code": .string($0.code), "detail": .string($0.detail)]
                })
        }
        // The members that RFC 9457 names keep their meaning, whatever a plugin calls its own.
        for (name, value) in problem.members.sorted(by: { $0.key < $1.key }) where document[name] == nil {
            document[name] = value
        }
        return .object(document)
    }

    private static func fields(_ problem: Problem, _ row: ErrorTable.Row) -> [HTTPResponse.Field] {
        var fields: [HTTPResponse.Field] = []
        if let retryAfter = problem.retryAfter {
            fields.append(.init("Retry-After", String(max(1, wholeSeconds(retryAfter)))))
        }
        switch problem.code {
        case .tokenExpired: fields.append(.init("WWW-Authenticate", "Bearer error=\"invalid_token\""))
        case .unauthenticated: fields.append(.init("WWW-Authenticate", "Bearer"))
        case .methodNotAllowed:
            let allowed = problem.members["allowed"]?.array?.compactMap(\.string) ?? []
            fields.append(.init("Allow", allowed.joined(separator: ", ")))
        default: break
        }
        return fields
    }

    /// Rounded up, so that a client that waits this long isn't refused again.
    private static func wholeSeconds(_ duration: Duration) -> Int64 {
        duration.components.seconds + (duration.components.attoseconds > 0 ? 1 : 0)
    }
}
