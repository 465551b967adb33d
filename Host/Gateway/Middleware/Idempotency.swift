import HostModel
import HostStorage

/// The last stage: a request with an `Idempotency-Key` is done once, in one transaction with the answer that is kept.
///
/// It comes behind every gate, so that a repetition needs the same rights as the first request, and what a gate refuses
/// is never kept.
struct Idempotency: Sendable {
    let answers: IdempotencyStore

    func respond(
        to request: AuthorizedRequest, _ endpoint: any TenantEndpoint
    ) async throws(Problem) -> HTTPResponse {
        guard let claim = try request.claim() else { return try await endpoint.respond(to: request) }
        // The answer as the endpoint made it: what is kept of it need not be all.
        var first: HTTPResponse?
        let outcome = try await answers.perform(claim, in: request.tenant, deadline: request.transactionTime) {
            scope throws(Problem) in
            let response = try await endpoint.respond(to: request.working(in: scope))
            first = response
            return KeptAnswer(response)
        } refused: { problem in
            let response = ProblemDocument.response(problem, id: request.http.id)
            first = response
            return KeptAnswer(response)
        }
        switch outcome {
        case .first(let answer): return first ?? answer.response(isReplayed: false)
        case .repeated(let answer): return answer.response(isReplayed: true)
        }
    }
}

extension KeptAnswer {
    init(_ response: HTTPResponse) {
        let fields = response.fields
        let isProblem = if case .problem = response.contentType { true } else { false }
        let isKept = if case .json = response.contentType { true } else { isProblem }
        self.init(
            status: response.status, isProblem: isProblem,
            entityTag: fields.first { $0.name.description == "ETag" }?.value,
            location: fields.first { $0.name.description == "Location" }?.value,
            body: isKept ? response.body.copy : nil)
    }

    func response(isReplayed: Bool) -> HTTPResponse {
        var fields: [HTTPResponse.Field] = isReplayed ? [.init("Idempotency-Replayed", "true")] : []
        if let entityTag { fields.append(.init("ETag", entityTag)) }
        if let location { fields.append(.init("Location", location)) }
        let bytes = body ?? []
        return HTTPResponse(
            status: status, contentType: isProblem ? .problem : .json, body: bytes.isEmpty ? .none : .bytes(bytes),
            fields: fields)
    }
}

extension HTTPResponse.Body {
    /// All bytes; nil for what is made while it is sent.
    var copy: [UInt8]? {
        switch self {
        case .none: []
        case .bytes(let bytes): bytes
        case .text(let text): text.bytes
        case .spliced(let text, let ending): text.bytes.dropLast() + ending
        case .stream: nil
        }
    }
}
