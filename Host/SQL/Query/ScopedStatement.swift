import HostModel

/// The two forms of a statement: for the whole business, and for the records that one user made.
///
/// The `own` form has one parameter more, the user, as its last.
struct ScopedStatement: Hashable, Sendable {
    let business: SQLStatement
    let own: SQLStatement

    /// - Parameters:
    ///   - name: The prepared name of the first form.
    ///   - ownerParameter: The number of the last parameter of the `own` form.
    ///   - effect: What both forms change.
    ///   - text: Makes the text; takes a condition on `t`, starting with ` AND `, or nothing.
    init(name: String, ownerParameter: Int, effect: SQLEffect, text: (_ condition: String) -> String) {
        business = SQLStatement(name: SQLName.fitted(name), text: text(""), effect: effect)
        own = SQLStatement(
            name: SQLName.fitted(name + ".own"), text: text(" AND t.\"created_by\" = $\(ownerParameter)::uuid"),
            effect: effect)
    }

    func command(_ parameters: [SQLParameter], for scope: RecordScope) -> SQLCommand {
        guard let owner = scope.owner else { return SQLCommand(business, parameters) }
        return SQLCommand(own, parameters + [owner.description])
    }
}
