import HostManifest
import HostModel
import HostTenancy
package import NIOHTTP1

/// One method of one path: who may call it, what its body holds, who answers. Made once per snapshot.
package final class Route: Sendable {
    /// Who answers, and after which checks.
    enum Handler: Sendable {
        /// Anybody: signing in, health, documents.
        case open(any OpenEndpoint)
        /// A signed-in user of a business.
        case tenant(Requirement, any TenantEndpoint)
    }

    /// What a principal must hold.
    struct Requirement: Sendable {
        /// Nil where being signed in is enough.
        let permission: Permission?
        /// Nil for what every tier has.
        let feature: FeatureName?
        /// What must be held beside the permission, which alone says how far the request reaches.
        var also: [Permission] = []
    }

    /// Whether a request can be made repeatable with an `Idempotency-Key`.
    enum Keying: Sendable {
        /// Everything that it does goes through stores in the request's own scope, so that it can be one transaction.
        case taken
        /// Repeating it does no harm, or it can't be one transaction; a key is not looked at.
        case ignored
    }

    /// Whether `If-Match` with the record's version comes along.
    enum Precondition: Sendable { case none, optional, required }

    package let method: HTTPMethod
    /// The path with `{id}` in the place of an id, such as `/api/hs/app/v1/customers/{id}`.
    package let pattern: String
    let input: InputShape
    /// Of ``input``; made once, because it compiles the patterns of the fields.
    let validator: InputValidator?
    let precondition: Precondition
    let keying: Keying
    let handler: Handler
    /// Whose records its answers show, for those that may be kept in memory; nil to ask each time.
    let shows: ShownEntities?
    let page: RoutePage
    /// From the head to the answer.
    let deadline: Duration

    init(
        _ method: HTTPMethod, _ pattern: String, input: InputShape = .none, precondition: Precondition = .none,
        keying: Keying? = nil, deadline: Duration = Route.standardDeadline, shows: ShownEntities? = nil,
        page: RoutePage,
        handler: Handler
    ) {
        self.method = method
        self.pattern = pattern
        self.input = input
        validator = input.validator
        self.precondition = precondition
        self.keying = keying ?? Self.usualKeying(method, handler)
        self.deadline = deadline
        self.shows = shows
        self.page = page
        self.handler = handler
    }

    static let standardDeadline: Duration = .seconds(5)

    /// What the transaction of a request with a key may take: the rest of the deadline is for its answer.
    var transactionTime: Duration { deadline - .seconds(1) }

    /// Writes of a business take keys. Without a business there is nobody whose key it could be.
    private static func usualKeying(_ method: HTTPMethod, _ handler: Handler) -> Keying {
        guard case .tenant = handler, [.POST, .PUT, .PATCH].contains(method) else { return .ignored }
        return .taken
    }

    /// What it asks for; nil for routes that need no permission.
    var permission: Permission? {
        guard case .tenant(let requirement, _) = handler else { return nil }
        return requirement.permission
    }
}

/// What the body of a request holds.
enum InputShape: Sendable {
    /// None is looked at, none may come.
    case none
    /// All fields of a new record.
    case create([Field], status: String?, lines: [LineRule] = [], bodyBytesMax: Int)
    /// Some fields of a record.
    case patch([Field], status: String?, lines: [LineRule] = [], bodyBytesMax: Int)
    /// The input of an operation or of a platform route.
    case fields([Field], bodyBytesMax: Int)
    /// Bytes of one of these media types, which the endpoint reads itself.
    case raw(mediaTypes: [String], bodyBytesMax: Int)
    /// Several writes; the endpoint checks them.
    case batch(bodyBytesMax: Int)

    static let standardBodyBytesMax = 65_536

    var bodyBytesMax: Int {
        switch self {
        case .none: 0
        case .create(_, _, _, let max), .patch(_, _, _, let max), .fields(_, let max), .raw(_, let max): max
        case .batch(let max): max
        }
    }

    /// Checks bodies of this shape; nil where none is looked at.
    var validator: InputValidator? {
        switch self {
        case .none, .raw, .batch: nil
        case .create(let fields, let status, let lines, _):
            InputValidator(.create, fields, status: status, lines: lines)
        case .patch(let fields, let status, let lines, _):
            InputValidator(.patch, fields, status: status, lines: lines)
        case .fields(let fields, _): InputValidator(.input, fields)
        }
    }

    /// Whether a request without a body is one with an empty object.
    var mayBeEmpty: Bool {
        guard case .fields(let fields, _) = self else { return false }
        return !fields.contains(where: \.isRequired)
    }
}

/// What the OpenAPI document says about a route.
struct RoutePage: Sendable {
    /// Unique over all routes: `hs_customers_list`.
    let operationID: String
    let summary: String
    let tag: String
    let answer: Answer
    /// Codes of problems beyond those that every route of its kind has.
    var codes: [Problem.Code] = []
    var query: [QueryParameter] = []
    /// The named schema of the body; nil to make it from the route's fields.
    var bodySchema: String?

    enum Answer: Sendable {
        case record(EntityReference, status: Int)
        case list(EntityReference)
        case fields([Field], status: Int)
        /// A named schema of the platform.
        case named(String, status: Int)
        case nothing
        /// Bytes of one of these media types; `*/*` for any.
        case bytes(contentTypes: [String])
        /// JSON or text without a schema.
        case document(contentType: String)
    }

    struct QueryParameter: Sendable {
        let name: String
        let type: String
        let detail: String
    }
}
