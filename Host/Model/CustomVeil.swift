/// Which of a business's own fields somebody doesn't see: those that the business keeps for other roles.
///
/// Comes with whoever asks, from the database. Whatever shows, takes or compares values of `custom` is told what it
/// hides; a field behind it is treated as if there were none.
package struct CustomVeil: Hashable, Sendable {
    /// By entity, such as `hs.work_order`: keys of fields. No entity has none.
    private let hidden: [String: Set<String>]

    /// - Parameter hidden: By entity, the keys that are hidden.
    package init(_ hidden: [String: Set<String>]) {
        self.hidden = hidden.filter { !$0.value.isEmpty }
    }

    /// Hides nothing: for the operator, and for everybody in a business without such fields.
    package static let none = CustomVeil([:])

    /// From `{"hs.work_order": ["margin"]}`; nil for JSON of another form.
    package init?(json: JSONValue) {
        guard let object = json.object else { return nil }
        var hidden: [String: Set<String>] = [:]
        for (entity, keys) in object.members {
            guard let words = keys.array, words.allSatisfy({ $0.string != nil }) else { return nil }
            hidden[entity] = Set(words.compactMap(\.string))
        }
        self.init(hidden)
    }

    package var isNone: Bool { hidden.isEmpty }

    /// The hidden keys of an entity; empty for most.
    package func keys(of entity: String) -> Set<String> { hidden[entity] ?? [] }

    /// The same for two veils only when they hide the same.
    package var text: String {
        let texts = hidden.map { entity, keys in
            ([entity] + keys.sorted()).map { "\($0.utf8.count):\($0)" }.joined(separator: ",")
        }
        return texts.sorted().joined(separator: ";")
    }

    /// The values without those that are hidden; anything but an object as it is.
    ///
    /// - Parameters:
    ///   - custom: The member `custom` of a record, or of a change of one.
    ///   - entity: Whose record it is.
    package func lifted(from custom: JSONValue, of entity: String) -> JSONValue {
        let keys = keys(of: entity)
        guard !keys.isEmpty, let object = custom.object else { return custom }
        var seen = JSONObject()
        for (key, value) in object.members where !keys.contains(key) { seen[key] = value }
        return .object(seen)
    }
}
