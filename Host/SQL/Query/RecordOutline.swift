import HostManifest
package import HostModel

/// Whose records an answer about one record may show: its own, its lines' and those that it includes, each with the
/// member that holds them.
struct RecordOutline: Sendable {
    let entity: String
    let parts: [(member: String, outline: RecordOutline)]

    /// - Parameters:
    ///   - form: The record's, for lines that come along unasked.
    ///   - inclusions: All that a request may ask for.
    init(_ form: RecordForm, _ inclusions: [Inclusion]) {
        entity = form.table.reference.description
        parts =
            form.children.map { ($0.member, RecordOutline(entity: $0.table.reference.description)) }
            + inclusions.map { ($0.member, RecordOutline($0)) }
    }

    private init(_ inclusion: Inclusion) {
        entity = inclusion.entity.description
        parts = inclusion.nested.map { ($0.member, RecordOutline($0)) }
    }

    private init(entity: String) {
        self.entity = entity
        parts = []
    }

    /// Whether anything that may be shown has a field behind the veil.
    func isBehind(_ veil: CustomVeil) -> Bool {
        !veil.keys(of: entity).isEmpty || parts.contains { $0.outline.isBehind(veil) }
    }

    /// The record, or records, without the values behind the veil.
    func veiled(_ json: JSONValue, by veil: CustomVeil) -> JSONValue {
        if let elements = json.array { return .array(elements.map { veiled($0, by: veil) }) }
        guard var object = json.object else { return json }
        if let custom = object["custom"] { object["custom"] = veil.lifted(from: custom, of: entity) }
        // Lines that come unasked and lines that are asked for have one member: both outlines look at it.
        for part in parts {
            if let shown = object[part.member] { object[part.member] = part.outline.veiled(shown, by: veil) }
        }
        return .object(object)
    }
}

extension EntityPlan {
    /// Whether answers about records have something that the veil hides. False costs next to nothing.
    package func isBehind(_ veil: CustomVeil) -> Bool { !veil.isNone && outline.isBehind(veil) }

    /// A record as the caller sees it, and all that it shows of others.
    package func veiled(_ record: JSONValue, by veil: CustomVeil) -> JSONValue { outline.veiled(record, by: veil) }
}
