/// What entities and fields were called in an earlier version of a manifest (`was:`), by the name of now.
package struct FormerNames: Hashable, Sendable {
    package var entities: [String: String] = [:]
    /// By entity, then by field.
    package var fields: [String: [String: String]] = [:]

    package init() {}
}
