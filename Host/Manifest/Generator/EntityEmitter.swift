import HostModel

/// Writes the struct of one entity, and of its own plugin's entities the draft.
///
/// Another plugin's records are read only: that plugin's operations change them.
struct EntityEmitter {
    let scope: GenerationScope
    let entity: Entity

    private var name: String { SwiftName.type(entity.name) }

    func emit(into source: inout SwiftSource) {
        let isStateful = entity.states != nil && !scope.isForeign
        source.line("/// A record of `\(scope.subject.id).\(entity.name)`.")
        source.block("public struct \(name): \(isStateful ? "StatefulEntity" : "Entity")") { body in
            emitStorage(into: &body)
            emitStatus(into: &body)
            for property in scope.properties(of: entity) { emit(property, into: &body) }
            emitChildren(into: &body)
            emitEnums(into: &body)
        }
        guard !scope.isForeign else { return }
        source.line()
        DraftEmitter(scope: scope, entity: entity).emit(into: &source)
    }

    private func emitStorage(into body: inout SwiftSource) {
        body.line("/// The qualified name.")
        body.line("public static let entityName = \"\(scope.subject.id).\(entity.name)\"")
        body.line("/// The values read, and which of them were changed since.")
        body.line("public var fields: Fields")
        body.line()
        body.line("/// Wraps a record that the host read.")
        body.block("public init(fields: Fields)") { $0.line("self.fields = fields") }
    }

    private func emitStatus(into body: inout SwiftSource) {
        guard let states = entity.states else { return }
        let type = SwiftName.type(states.field)
        let initial = SwiftName.enumCase(states.initial)
        body.line()
        body.line("/// Where the record is in its life; only a transition changes it.")
        body.line(
            "public var \(SwiftName.escaped(SwiftName.member(states.field))): \(type) { "
                + "fields.get(\"\(states.field)\", or: .\(initial)) }")
    }

    private func emit(_ property: SwiftProperty, into body: inout SwiftSource) {
        let read =
            property.isOptional
            ? "fields.get(\"\(property.field.name)\")"
            : "fields.get(\"\(property.field.name)\", or: \(property.fallback))"
        body.line()
        body.line(FieldDoc.line(property.field))
        guard !scope.isForeign else {
            return body.line("public var \(property.escapedName): \(property.type) { \(read) }")
        }
        body.block("public var \(property.escapedName): \(property.type)") { accessors in
            accessors.line("get { \(read) }")
            let value = property.isOptional ? "newValue?.value ?? .null" : "newValue.value"
            accessors.line("set { fields.set(\"\(property.field.name)\", \(value)) }")
        }
    }

    private func emitEnums(into body: inout SwiftSource) {
        for field in entity.fields {
            guard let values = field.type.enumValues else { continue }
            let type = GenerationScope.enumName(field, in: name)
            body.line()
            if let shared = scope.sharedEnum(field, preferring: nil, includingSubject: false) {
                body.line("/// The values of `\(field.name)`, the same as there.")
                body.line("public typealias \(type) = \(shared)")
            } else {
                EnumEmitter.emit(
                    type, doc: "The values of `\(field.name)`.", values: values,
                    conformances: "FieldValue, CaseIterable", into: &body)
            }
        }
        guard let states = entity.states else { return }
        body.line()
        EnumEmitter.emit(
            SwiftName.type(states.field), doc: "Every status, the initial one first.", values: states.statuses,
            conformances: "FieldValue, CaseIterable", into: &body)
        guard !scope.isForeign else { return }
        body.line()
        EnumEmitter.emit(
            "Transition", doc: "The declared ways between statuses.", values: states.transitions.map(\.name),
            conformances: "Sendable, CaseIterable", into: &body)
    }

    /// Typed reading of the lines of a document: `order.lines(in: call.store)`.
    private func emitChildren(into body: inout SwiftSource) {
        for child in scope.subject.children(of: entity) {
            guard let parent = child.parent else { continue }
            let type = SwiftName.type(child.name)
            let member = SwiftName.escaped(SwiftName.member(parent.member))
            let isOrdered = child.field("position") != nil
            body.line()
            body.line("/// The records of `\(scope.subject.id).\(child.name)`\(isOrdered ? " by position" : "").")
            body.block("public func \(member)(in store: Store) async throws(Refusal) -> [\(type)]") { read in
                read.line("try await store.find(\(type).self, matching: [\"\(entity.name)\": reference.value])")
                if isOrdered { read.indented { $0.line(".sorted { $0.position < $1.position }") } }
            }
        }
    }
}
