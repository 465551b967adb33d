import HostAuth
import HostModel
import HostStorage
import HostTenancy

/// A request that passed every gate: the only thing that endpoints for tenants take.
struct AuthorizedRequest: Sendable {
    let http: HTTPRequest
    let principal: Principal
    /// How far the route's permission reaches for this principal.
    let scope: PermissionScope
    let body: CheckedBody
    private let routed: RoutedRequest
    /// The segment in the place of the path's id, as it was sent.
    var parameter: String? { routed.parameter }
    /// From `If-Match`, where the route looks at it.
    let version: Int64?
    /// In which all that the request does is done.
    private(set) var tenant: TenantScope

    fileprivate init(_ validated: ValidatedRequest) {
        routed = validated.permitted.routed
        http = routed.http
        principal = validated.permitted.principal
        scope = validated.permitted.scope
        body = validated.body
        version = validated.version
        tenant = TenantScope(principal, request: http.id)
    }

    /// The same request, all that it does being part of a transaction.
    func working(in scope: TenantScope) -> AuthorizedRequest {
        var request = self
        request.tenant = scope
        return request
    }

    /// What the request claims with an `Idempotency-Key`; nil without one, and on routes that don't look at it.
    ///
    /// - Throws: `malformed_request` for a key that has another form.
    func claim() throws(Problem) -> IdempotencyClaim? {
        guard routed.route.keying == .taken, let key = http.fields.idempotencyKey else { return nil }
        return try IdempotencyKey.claim(key, routed, of: principal)
    }

    /// Whose records the answer shows, where it may be kept; nil for what is asked each time.
    var shows: ShownEntities? { routed.route.shows }

    /// What a transaction of the request may take.
    var transactionTime: Duration { routed.route.transactionTime }

    /// - Throws: `not_found`: what isn't a UUID names no record.
    func recordID() throws(Problem) -> RecordID { try routed.recordID() }

    /// The version from `If-Match`.
    ///
    /// - Throws: `precondition_required` when the route didn't ask for it.
    func expectedVersion() throws(Problem) -> Int64 {
        guard let version else { throw Problem(.preconditionRequired, "Send the record's ETag in `If-Match`.") }
        return version
    }
}

/// Checks the business: its tier has the feature, and its requests don't come too fast.
struct TierGate: Sendable {
    private let features: FeatureGate
    private let burst: RateBuckets<BusinessID>?
    private let policyField: HTTPResponse.Field?
    private let clock: any WallClock

    /// - Parameter burst: How many requests one business may send in which time; nil for no limit.
    init(features: FeatureGate, burst: RateBuckets<BusinessID>?, clock: any WallClock) {
        self.features = features
        self.burst = burst
        self.clock = clock
        policyField = burst.map { buckets in
            let policy = buckets.policy
            return .init(
                "RateLimit-Policy", "\"\(policy.name)\";q=\(policy.quota);w=\(policy.window.components.seconds)")
        }
    }

    /// - Throws: `feature_not_in_tier`, `rate_limited`.
    func admit(
        _ request: ValidatedRequest, _ requirement: Route.Requirement, _ trace: inout RequestPipeline.Trace
    ) throws(Problem) -> AuthorizedRequest {
        let principal = request.permitted.principal
        if let feature = requirement.feature { try features.require(feature, in: principal.tier) }
        try spend(by: principal.business, &trace)
        return AuthorizedRequest(request)
    }

    /// Tells the client where it stands (draft-ietf-httpapi-ratelimit-headers), also when it is refused.
    private func spend(by business: BusinessID, _ trace: inout RequestPipeline.Trace) throws(Problem) {
        guard let burst, let policyField else { return }
        let decision = burst.spend(by: business, at: clock.now())
        let seconds = decision.resetAfter.components.seconds
        trace.fields.append(policyField)
        trace.fields.append(.init("RateLimit", "\"\(burst.policy.name)\";r=\(decision.remaining);t=\(seconds)"))
        guard decision.isAllowed else {
            throw Problem(
                .rateLimited, "Your business sends too many requests; wait before you try again.",
                members: ["policy": .string(burst.policy.name)], retryAfter: decision.retryAfter)
        }
    }
}
