import HostModel
import NIOHTTP1

/// A request for a route that exists.
struct RoutedRequest: Sendable {
    let http: HTTPRequest
    let route: Route
    /// The segment in the place of `{id}`, as it was sent.
    let parameter: String?

    /// - Throws: `not_found`, or `method_not_allowed` with the member `allowed`.
    init(_ http: HTTPRequest, _ match: RouteMatch) throws(Problem) {
        switch match {
        case .found(let route, let parameter):
            self.http = http
            self.route = route
            self.parameter = parameter
        case .methodNotAllowed(let allowed), .options(let allowed):
            throw Problem(
                .methodNotAllowed, "This path doesn't know the method \(http.method.rawValue).",
                members: ["allowed": .array(allowed.map { .string($0) })])
        case .notFound:
            throw Problem(.notFound, "There is nothing at this path.")
        }
    }

    /// The id in the path.
    ///
    /// - Throws: `not_found`: what isn't a UUID names no record.
    func recordID() throws(Problem) -> RecordID {
        guard let parameter, let id = RecordID(parameter) else { throw .notFound("record") }
        return id
    }
}
