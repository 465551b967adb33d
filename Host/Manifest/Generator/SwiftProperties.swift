import HostModel

/// The properties of generated structs.
extension GenerationScope {
    /// Of an entity: the parent's reference first, then the fields in the order of the manifest.
    func properties(of entity: Entity) -> [SwiftProperty] {
        let owner = SwiftName.type(entity.name)
        let parent = parentField(of: entity).map { SwiftProperty($0, scope: self, enumType: nil) }
        return (parent.map { [$0] } ?? [])
            + entity.fields.map { SwiftProperty($0, scope: self, enumType: Self.enumName($0, in: owner)) }
    }

    /// Of an input, an output or a list's item.
    ///
    /// - Parameter entity: The entity whose enums are looked at first.
    func properties(of fields: [Field], in owner: String, preferring entity: String?) -> [SwiftProperty] {
        fields.map { field in
            let shared = sharedEnum(field, preferring: entity, includingSubject: true)
            return SwiftProperty(
                field, scope: self, enumType: shared ?? Self.enumName(field, in: owner),
                itemType: SwiftName.element(field.name))
        }
    }

    private func parentField(of entity: Entity) -> Field? {
        guard let parent = entity.parent else { return nil }
        return Field(
            name: parent.entity, type: .reference(EntityReference(plugin: subject.id, name: parent.entity)),
            isRequired: true)
    }
}
