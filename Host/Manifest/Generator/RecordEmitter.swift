/// Writes the struct of an operation's input or output, with the structs of its lists inside.
struct RecordEmitter {
    let scope: GenerationScope
    let name: String
    let doc: String
    let fields: [Field]
    /// The entity whose enums are meant when names and values agree.
    let entity: String?

    func emit(into source: inout SwiftSource) {
        let properties = scope.properties(of: fields, in: name, preferring: entity)
        source.line("/// \(doc)")
        source.block("public struct \(name): RecordValue, Hashable") { body in
            MemberwiseEmitter(properties: properties).emit(into: &body)
            body.line()
            emitReading(properties, into: &body)
            emitEnums(into: &body)
            for field in fields {
                guard case .list(let items, _) = field.type else { continue }
                body.line()
                RecordEmitter(
                    scope: scope, name: SwiftName.element(field.name), doc: "One of `\(field.name)`.", fields: items,
                    entity: itemEntity(of: field)
                ).emit(into: &body)
            }
        }
    }

    /// The child entity whose records a list of that name gives.
    private func itemEntity(of list: Field) -> String? {
        guard let entity, let parent = scope.subject.entity(entity) else { return nil }
        return scope.subject.children(of: parent).first { $0.parent?.member == list.name }?.name
    }

    private func emitReading(_ properties: [SwiftProperty], into body: inout SwiftSource) {
        body.line("/// Reads the fields.")
        guard !properties.isEmpty else { return body.line("public init(_ record: Record) throws(Refusal) {}") }
        body.block("public init(_ record: Record) throws(Refusal)") { reading in
            for property in properties {
                let call = property.isOptional || property.defaultLiteral != nil ? "optional" : "required"
                let standard = property.defaultLiteral.map { " ?? \($0)" } ?? ""
                reading.line("\(property.escapedName) = try record.\(call)(\"\(property.field.name)\")\(standard)")
            }
        }
    }

    private func emitEnums(into body: inout SwiftSource) {
        for field in fields {
            guard let values = field.type.enumValues,
                scope.sharedEnum(field, preferring: entity, includingSubject: true) == nil
            else { continue }
            body.line()
            EnumEmitter.emit(
                GenerationScope.enumName(field, in: name), doc: "The values of `\(field.name)`.", values: values,
                conformances: "FieldValue, CaseIterable", into: &body)
        }
    }
}
