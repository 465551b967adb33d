import HostModel

/// Answers requests that need no credential.
protocol OpenEndpoint: Sendable {
    /// Which bucket a request spends from; nil for routes that are cheap and tell nothing.
    var rateKind: RateLimiting.Kind? { get }

    func respond(to request: OpenRequest) async throws(Problem) -> HTTPResponse
}

extension OpenEndpoint {
    var rateKind: RateLimiting.Kind? { nil }
}

/// Answers requests of a signed-in user; can't be reached before every gate was passed.
protocol TenantEndpoint: Sendable {
    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse
}
