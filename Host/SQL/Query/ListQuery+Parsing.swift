package import HostManifest
package import HostModel

extension ListQuery {
    /// Reads the query parameters of a list.
    ///
    /// `limit`, `sort=-created_at`, `cursor`, `q`, `count=capped`, `fields=number,status`,
    /// `filter[status]=in:draft,scheduled`, `filter[archived]=any`.
    /// A filter's value is `value`, or `comparison:value` with ``Filter/Comparison``.
    ///
    /// - Parameters:
    ///   - parameters: Names and values, decoded.
    ///   - plan: The entity's plan.
    ///   - custom: The business's own fields that the caller may filter by: `filter[custom.colour]=red`.
    /// - Throws: `validation_failed` with every parameter at fault.
    package static func parse(
        _ parameters: [(name: String, value: String)], for plan: EntityPlan, custom: CustomFields = .none
    ) throws(Problem) -> ListQuery {
        var parser = ListQueryParser(plan, custom: custom)
        for (name, value) in parameters { parser.take(name, value) }
        parser.finish()
        guard parser.faults.isEmpty else {
            throw Problem(.validationFailed, "The list can't be made as asked.", faults: parser.faults)
        }
        return parser.query
    }
}
