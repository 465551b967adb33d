import HostAuth
import HostModel

/// A request without a credential, its body checked.
struct OpenRequest: Sendable {
    let routed: RoutedRequest
    let body: CheckedBody

    var http: HTTPRequest { routed.http }

    fileprivate init(_ routed: RoutedRequest, _ body: CheckedBody) {
        self.routed = routed
        self.body = body
    }
}

/// A permitted request, its body and precondition checked.
struct ValidatedRequest: Sendable {
    let permitted: PermittedRequest
    let body: CheckedBody
    /// From `If-Match`; always there when the route requires it.
    let version: Int64?

    fileprivate init(_ permitted: PermittedRequest, _ body: CheckedBody, version: Int64?) {
        self.permitted = permitted
        self.body = body
        self.version = version
    }
}

/// Checks what the request itself shows: media types, the body against the route's fields, the precondition.
struct Validation: Sendable {
    func check(_ request: RoutedRequest) throws(Problem) -> OpenRequest {
        try MediaTypes.checkAccept(request.http.fields.accept, request.route.page.answer)
        return OpenRequest(request, try CheckedBody(request))
    }

    func check(_ request: PermittedRequest) throws(Problem) -> ValidatedRequest {
        let routed = request.routed
        try MediaTypes.checkAccept(routed.http.fields.accept, routed.route.page.answer)
        let version = try version(routed)
        return ValidatedRequest(request, try CheckedBody(routed), version: version)
    }

    private func version(_ request: RoutedRequest) throws(Problem) -> Int64? {
        let ifMatch = request.http.fields.ifMatch
        switch request.route.precondition {
        case .none: return nil
        case .optional: return ifMatch == nil ? nil : try EntityTag.version(ifMatch: ifMatch)
        case .required: return try EntityTag.version(ifMatch: ifMatch)
        }
    }
}
