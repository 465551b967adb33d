import HostModel

/// The plugin that code is written about, and the one whose module the code stands in.
///
/// A plugin's own entities stand at the top of its module; those of a plugin it requires in an enum of that one's name.
struct GenerationScope {
    let set: ManifestSet
    /// The plugin whose module the code is for.
    let module: Manifest
    /// The plugin that the code is about: the module's own, or one that it requires.
    let subject: Manifest

    var isForeign: Bool { subject.id != module.id }

    /// The name of a plugin's protocol, dispatch, folder or namespace: `HomeServices`.
    static func name(of manifest: Manifest) -> String { SwiftName.type(manifest.name) }

    /// The Swift type of an entity, as code about the subject writes it; nil for one that the module doesn't know.
    func type(of reference: EntityReference) -> String? {
        guard let owner = set[reference.plugin] else { return nil }
        if owner.id == subject.id { return SwiftName.type(reference.name) }
        guard owner.id == module.id || module.requires.contains(where: { $0.plugin == owner.id }) else { return nil }
        return "\(Self.name(of: owner)).\(SwiftName.type(reference.name))"
    }

    /// The enum of an entity's field that has the same name and values, so that values pass without conversion.
    ///
    /// - Parameters:
    ///   - preferred: An entity of the subject to look into first.
    ///   - includingSubject: False for the subject's own entities, each of which has its own enums.
    func sharedEnum(_ field: Field, preferring preferred: String?, includingSubject: Bool) -> String? {
        guard let values = field.type.enumValues else { return nil }
        var candidates: [(Manifest, Entity)] = []
        if includingSubject {
            let sorted = subject.entities.filter { $0.name == preferred } + subject.entities
            candidates += sorted.map { (subject, $0) }
        }
        for manifest in set.manifests where subject.requires.contains(where: { $0.plugin == manifest.id }) {
            candidates += manifest.entities.map { (manifest, $0) }
        }
        for (manifest, entity) in candidates {
            guard let match = entity.field(field.name), match.type.enumValues == values else { continue }
            guard let type = type(of: EntityReference(plugin: manifest.id, name: entity.name)) else { continue }
            return "\(type).\(Self.enumName(match, in: type))"
        }
        return nil
    }

    /// What the nested enum of a field is called. `Type` would be the metatype.
    static func enumName(_ field: Field, in type: String) -> String {
        if case .enumerationSet = field.type { return SwiftName.element(field.name) }
        let name = SwiftName.type(field.name)
        let owner = type.split(separator: ".").last.map(String.init) ?? type
        return name == "Type" || name == "Protocol" ? owner + name : name
    }
}

extension FieldType {
    var enumValues: [String]? {
        switch self {
        case .enumeration(let values), .enumerationSet(let values): values
        default: nil
        }
    }
}
