package import HostModel

/// Checks bodies against declared fields and gives the values in the form that the rooms behind the gateway expect.
///
/// Pure. Made once for a route and used for every request, because it compiles the patterns of the fields. Members are
/// named by `Field.column`, so that of a reference ends in `_id`; the values are named by `Field.name`.
package struct InputValidator: Sendable {
    /// What the body is for.
    package enum Purpose: Hashable, Sendable {
        /// A record's first values: `id`, `external_id` and `custom` may be among them.
        case create
        /// Changes of a record: nothing is required and nothing gets a default; null clears.
        case patch
        /// An operation's input.
        case input
    }

    private let rule: ObjectRule
    private let status: String?

    /// - Parameters:
    ///   - purpose: What the body is for.
    ///   - fields: The declared fields, without those of the host.
    ///   - status: The entity's status column; nil for an entity without statuses, and for inputs.
    ///   - lines: The lines that come with the record, by their members.
    package init(_ purpose: Purpose, _ fields: [Field], status: String? = nil, lines: [LineRule] = []) {
        let fields = purpose == .patch ? fields.map(\.unlessCounter) : fields
        rule = ObjectRule(fields + HostField.all(in: purpose), isPartial: purpose == .patch, lines: lines)
        self.status = status
    }

    /// The values of a body, checked and normalised: UUIDs in lower case, timestamps in UTC, defaults filled in.
    ///
    /// Absent and null members without a default are left out, but a null of a patch is kept: it clears. E-mail
    /// addresses keep their case here; HostSQL stores and compares them in lower case, those of operations too.
    ///
    /// - Throws: `status_not_writable` for a body with the status, else `validation_failed` with every fault. The codes
    ///   of faults are those of ``Breach``.
    package func values(of body: JSONObject) throws(Problem) -> [String: JSONValue] {
        if let status, body[status] != nil {
            throw Problem(.statusNotWritable, "The status changes by transitions only: leave out `\(status)`.")
        }
        var faults = FaultList()
        let values = rule.values(of: body, at: .root, &faults)
        if let problem = faults.problem { throw problem }
        return Dictionary(uniqueKeysWithValues: values.members.map { ($0.name, $0.value) })
    }
}

/// The same for one body. Each call compiles the patterns of the fields anew: some microseconds for each pattern.
extension InputValidator {
    package static func create(
        _ fields: [Field], _ body: JSONObject, status: String? = nil
    ) throws(Problem) -> [String: JSONValue] {
        try InputValidator(.create, fields, status: status).values(of: body)
    }

    package static func patch(
        _ fields: [Field], _ body: JSONObject, status: String? = nil
    ) throws(Problem) -> [String: JSONValue] {
        try InputValidator(.patch, fields, status: status).values(of: body)
    }

    package static func input(_ fields: [Field], _ body: JSONObject) throws(Problem) -> [String: JSONValue] {
        try InputValidator(.input, fields).values(of: body)
    }
}
