/// Writes what operations take and answer, and the protocol that the plugin's author implements.
struct OperationsEmitter {
    let scope: GenerationScope

    static func inputName(_ operation: Operation) -> String { SwiftName.type(operation.name) }

    /// The Swift type of an answer; nil for none.
    static func outputName(_ operation: Operation) -> String? {
        switch operation.output {
        case .nothing: nil
        case .entity(let name): SwiftName.type(name)
        case .fields: SwiftName.type(operation.name) + "Output"
        }
    }

    func emitRecords(into source: inout SwiftSource) {
        for operation in scope.subject.operations {
            source.line()
            let qualified = "\(scope.subject.id).\(operation.name)"
            RecordEmitter(
                scope: scope, name: Self.inputName(operation), doc: "What `\(qualified)` takes.",
                fields: input(of: operation), entity: entity(of: operation)
            ).emit(into: &source)
            guard case .fields(let fields) = operation.output, let name = Self.outputName(operation) else { continue }
            source.line()
            RecordEmitter(
                scope: scope, name: name, doc: "What `\(qualified)` answers.", fields: fields, entity: nil
            ).emit(into: &source)
        }
    }

    func emitProtocol(into source: inout SwiftSource) {
        let name = "\(GenerationScope.name(of: scope.subject))Operations"
        source.line("/// What the author of \(scope.subject.name) writes: one handler for each operation.")
        source.block("public protocol \(name): Sendable") { body in
            for operation in scope.subject.operations {
                body.line(doc(operation))
                let output = Self.outputName(operation).map { " -> \($0)" } ?? ""
                body.line(
                    "func \(operation.name)(_ input: \(Self.inputName(operation)), _ call: Call) "
                        + "async throws(Refusal)\(output)")
            }
            body.line(
                "/// Refuses when the plugin computes wrongly; tried before the library is loaded, without a database.")
            body.line("func selfTest() async throws(Refusal)")
        }
        source.line()
        source.block("extension \(name)") { body in
            body.line("/// Passes, for handlers that have no test.")
            body.line("public func selfTest() async throws(Refusal) {}")
        }
    }

    private func doc(_ operation: Operation) -> String {
        let route = operation.route.map { "`\($0.method) \($0.path)`" } ?? "Called by events and other plugins"
        guard !operation.errors.isEmpty else { return "/// \(route)." }
        return "/// \(route); may refuse with \(operation.errors.map { "`\($0)`" }.joined(separator: ", "))."
    }

    /// The `id` of a path under an entity's route is a reference to a record of it.
    private func input(of operation: Operation) -> [Field] {
        guard let route = operation.route, let first = route.path.split(separator: "/").first,
            let entity = scope.subject.entities.first(where: { $0.route == first })
        else { return operation.input }
        let reference = EntityReference(plugin: scope.subject.id, name: entity.name)
        return operation.input.map { $0.name == "id" ? $0.retyped(.reference(reference)) : $0 }
    }

    /// What an operation answers with, or whose creation it takes over.
    private func entity(of operation: Operation) -> String? {
        if case .entity(let name) = operation.output { return name }
        return operation.replacesCreateOf
    }
}

extension Field {
    fileprivate func retyped(_ type: FieldType) -> Field {
        Field(
            name: name, type: type, isRequired: isRequired, defaultValue: defaultValue, isReadOnly: isReadOnly,
            isUnique: isUnique, isSearched: isSearched, isSensitive: isSensitive)
    }
}
