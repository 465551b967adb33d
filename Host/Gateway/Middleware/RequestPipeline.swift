import HostAuth
import HostModel

/// The way of every request, in this order and no other. Each stage takes what the one before it made, so none can be
/// left out; a request is refused at the first stage that can know.
///
/// Logging and monitoring come last and see every answer: ``Gateway`` reports each one to its observer.
struct RequestPipeline: Sendable {
    let cors: CORS
    let rateLimiting: RateLimiting
    let authentication: Authentication
    let authorization = Authorization()
    let validation = Validation()
    let tierGate: TierGate
    let idempotency: Idempotency
    let reading: CachedReading
    /// Is told of requests that lack a route's permission, or a tier with its feature.
    let denied: @Sendable (Route.Requirement) -> Void

    /// What the last stages want to know of a request, whether it succeeded or not.
    struct Trace {
        var business: BusinessID?
        /// Fields for the answer, such as `RateLimit`.
        var fields: [HTTPResponse.Field] = []
    }

    func respond(
        to request: HTTPRequest, _ match: RouteMatch, _ trace: inout Trace
    ) async throws(Problem) -> HTTPResponse {
        trace.fields += cors.fields(for: request)
        if case .options(let methods) = match { return cors.options(methods, for: request) }
        let routed = try RoutedRequest(request, match)
        try rateLimiting.admit(routed)
        switch routed.route.handler {
        case .open(let endpoint):
            let open = try validation.check(routed)
            return try await endpoint.respond(to: open)
        case .tenant(let requirement, let endpoint):
            let identified = try await authentication.identify(routed)
            trace.business = identified.principal.business
            let authorized = try authorize(identified, requirement, &trace)
            guard Revalidation.isReading(request.method) else {
                return try await idempotency.respond(to: authorized, endpoint)
            }
            let answer = try await reading.respond(to: authorized, endpoint)
            return Revalidation.answer(answer, knowing: request.fields.ifNoneMatch)
        }
    }

    private func authorize(
        _ request: IdentifiedRequest, _ requirement: Route.Requirement, _ trace: inout Trace
    ) throws(Problem) -> AuthorizedRequest {
        do {
            let permitted = try authorization.permit(request, requirement)
            let validated = try validation.check(permitted)
            return try tierGate.admit(validated, requirement, &trace)
        } catch {
            if error.code == .forbidden || error.code == .featureNotInTier { denied(requirement) }
            throw error
        }
    }
}
