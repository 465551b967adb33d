/// One declared action: plugin code inside one transaction.
package struct Operation: Hashable, Sendable {
    package enum Effects: String, Hashable, Sendable, CaseIterable { case read, write, destructive }

    /// What the operation answers with.
    package enum Output: Hashable, Sendable {
        case nothing
        /// A record of this plugin's entity of that name.
        case entity(String)
        case fields([Field])
    }

    package struct Limits: Hashable, Sendable {
        package let timeout: Duration
        package let rowsMax: Int
        package let bodyBytesMax: Int

        package init(timeout: Duration, rowsMax: Int, bodyBytesMax: Int) {
            self.timeout = timeout
            self.rowsMax = rowsMax
            self.bodyBytesMax = bodyBytesMax
        }

        package static let standard = Limits(timeout: .seconds(2), rowsMax: 5_000, bodyBytesMax: 65_536)
    }

    /// Where it is called over HTTP; nil for one that only events and other plugins call.
    package struct Route: Hashable, Sendable, CustomStringConvertible {
        package let method: String
        /// The path below `/api/{plugin}/app/v1`, such as `/work-orders/{id}/actions/complete`.
        ///
        /// Its one parameter, if any, is `{id}`; the input then has the field `id`.
        package let path: String

        package init(method: String, path: String) {
            self.method = method
            self.path = path
        }

        package var description: String { "\(method) \(path)" }
    }

    /// Lower camel case: `completeWorkOrder`.
    package let name: String
    package let route: Route?
    /// The entity whose generated create route this operation takes the place of: `replaces: work_order.create`.
    package let replacesCreateOf: String?
    package let input: [Field]
    package let output: Output
    /// Codes of refusals it may answer with, 409.
    package let errors: [String]
    /// `entity.verb` without the plugin; always there for one with a route.
    package let permission: String?
    package let feature: String?
    package let effects: Effects
    package let limits: Limits

    package init(
        name: String, route: Route?, replacesCreateOf: String?, input: [Field], output: Output, errors: [String],
        permission: String?, feature: String?, effects: Effects, limits: Limits
    ) {
        self.name = name
        self.route = route
        self.replacesCreateOf = replacesCreateOf
        self.input = input
        self.output = output
        self.errors = errors
        self.permission = permission
        self.feature = feature
        self.effects = effects
        self.limits = limits
    }
}
