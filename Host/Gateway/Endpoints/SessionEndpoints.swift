import HostAuth
import HostModel
import HostStorage
import HostTenancy

/// `POST /api/public/v1/sessions`: e-mail address and password for tokens.
struct SignInEndpoint: OpenEndpoint {
    let sessions: SessionStore
    let hasher: PasswordHasher
    let tokens: TokenGrant
    /// Bounds the tries on one account, from however many addresses; nil for no limit.
    let accountRate: RateBuckets<String>?
    let clock: any WallClock

    var rateKind: RateLimiting.Kind? { .signIn }

    func respond(to request: OpenRequest) async throws(Problem) -> HTTPResponse {
        let values = request.body.values
        let email = (values["email"]?.string ?? "").lowercased()
        try accountRate?.require(by: email, at: clock.now())
        let facts = try await sessions.signInFacts(email: email)
        // The password is checked without an account too, so that the time tells nothing.
        let isRight = try await hasher.verify(values["password"]?.string ?? "", against: facts?.passwordHash)
        guard let facts, isRight else {
            if let facts { try await sessions.recordRefusal(facts, request: request.http.id) }
            throw Self.refusal
        }
        let business = try business(values["business_id"]?.string, of: facts)
        let grant = try await sessions.open(facts.user, in: business, request: request.http.id)
        return .json(SessionForm.json(grant, try await tokens.members(grant, request: request.http.id)))
    }

    /// The one asked for, or the one joined first.
    private func business(_ wanted: String?, of facts: SignInFacts) throws(Problem) -> BusinessID {
        guard let wanted else {
            guard let first = facts.businesses.first else { throw Self.refusal }
            return first
        }
        guard let business = BusinessID(wanted), facts.businesses.contains(business) else { throw Self.refusal }
        return business
    }

    /// The same whatever is wrong, so that nobody learns which addresses exist.
    private static var refusal: Problem {
        Problem(.signInFailed, "The e-mail address or the password is wrong.")
    }
}

/// `POST /api/public/v1/sessions/refresh`: the next tokens of a session.
struct RefreshEndpoint: OpenEndpoint {
    let sessions: SessionStore
    let tokens: TokenGrant

    var rateKind: RateLimiting.Kind? { .signIn }

    func respond(to request: OpenRequest) async throws(Problem) -> HTTPResponse {
        guard let token = RefreshToken(parsing: request.body.values["refresh_token"]?.string ?? "") else {
            throw Problem(.unauthenticated, "The refresh token isn't valid; sign in again.")
        }
        let grant = try await sessions.rotate(token, request: request.http.id)
        return .json(SessionForm.json(grant, try await tokens.members(grant, request: request.http.id)))
    }
}

/// `DELETE /api/platform/app/v1/session`: signs out; every token of the session stops at once.
struct SignOutEndpoint: TenantEndpoint {
    let sessions: SessionStore

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        try await sessions.signOut(request.principal.session, in: request.tenant)
        return .noContent
    }
}

/// What signing in and refreshing answer with.
private enum SessionForm {
    static func json(_ grant: SessionGrant, _ tokens: JSONObject) -> [UInt8] {
        var answer: JSONObject = [
            "business_id": .string(grant.business.description), "user_id": .string(grant.user.description),
        ]
        for (name, value) in tokens.members { answer[name] = value }
        return JSONValue.object(answer).utf8
    }
}
