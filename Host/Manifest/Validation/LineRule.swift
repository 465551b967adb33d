package import HostModel

/// The rules of the lines that a document's body may have.
///
/// Made once for a route. The values of a line are named by `Field.name`, as those of a record are; `id` and
/// `external_id` may name a line that is there.
package struct LineRule: Sendable {
    /// What a body's lines may be.
    package enum Kind: Hashable, Sendable {
        /// Lines of a new document: each must be whole.
        case new
        /// Some may be there already: one with an `id` or `external_id` need not be whole, and its nulls clear.
        case some
    }

    package let member: String
    private let max: Int
    private let kind: Kind
    private let whole: ObjectRule
    private let partial: ObjectRule

    /// Nil for an entity whose records aren't written with their document.
    package init?(_ entity: Entity, _ kind: Kind) {
        guard let parent = entity.parent, let written = parent.written else { return nil }
        member = parent.member
        max = written.max
        self.kind = kind
        let fields = entity.fields + HostField.all(in: .create)
        whole = ObjectRule(fields, isPartial: false)
        partial = ObjectRule(fields, isPartial: true)
    }

    /// The checked lines; nil for what is no list.
    func values(of value: JSONValue, at path: JSONPointer, _ faults: inout FaultList) -> JSONValue? {
        ObjectRule.list(value, max: max, at: path, &faults, rule: rule)
    }

    private func rule(for line: JSONObject) -> ObjectRule {
        let names = ["id", "external_id"].contains { (line[$0] ?? .null) != .null }
        return kind == .some && names ? partial : whole
    }
}

/// Makes a line whole that was thought to be there and isn't.
package struct LineCompletion: Sendable {
    private let member: String
    private let rule: ObjectRule

    /// Nil for an entity whose records aren't written with their document.
    package init?(_ entity: Entity) {
        guard let parent = entity.parent, parent.written != nil else { return nil }
        member = parent.member
        rule = ObjectRule(entity.fields + HostField.all(in: .create), isPartial: false)
    }

    /// - Parameters:
    ///   - values: As checked by ``LineRule``.
    ///   - index: Of the line in its list.
    /// - Throws: `validation_failed` with every member that is missing.
    package func completed(_ values: JSONObject, at index: Int) throws(Problem) -> JSONObject {
        var faults = FaultList()
        let whole = rule.completed(values, at: JSONPointer.root.appending(member).appending(index), &faults)
        if let problem = faults.problem { throw problem }
        return whole
    }
}
