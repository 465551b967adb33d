/// Writes the draft of one entity: what an operation says of a new record, read-only fields included.
struct DraftEmitter {
    let scope: GenerationScope
    let entity: Entity

    func emit(into source: inout SwiftSource) {
        let name = SwiftName.type(entity.name)
        let properties = scope.properties(of: entity).map { $0.qualified(by: name) }
        source.line("/// The fields of a new record of `\(scope.subject.id).\(entity.name)`.")
        source.block("public struct \(name)Draft: Draft") { body in
            body.line("/// What the host makes of it.")
            body.line("public typealias Made = \(name)")
            body.line()
            MemberwiseEmitter(properties: properties).emit(into: &body)
        }
    }
}
