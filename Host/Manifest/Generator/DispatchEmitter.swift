/// Writes the type that the host calls: it decodes inputs, calls the handlers and encodes answers.
struct DispatchEmitter {
    let manifest: Manifest

    private var name: String { GenerationScope.name(of: manifest) }

    func emit(into source: inout SwiftSource) {
        source.line("/// \(manifest.name) as the host sees it: decodes inputs, calls the handlers, encodes answers.")
        source.block("public struct \(name)Dispatch<Handlers: \(name)Operations>: VerticalPlugin") { body in
            body.line("private let handlers: Handlers")
            body.line()
            body.line("/// Takes the handlers.")
            body.block("public init(handlers: Handlers)") { $0.line("self.handlers = handlers") }
            body.line()
            emitDescriptor(into: &body)
            body.line()
            emitPerform(into: &body)
            body.line()
            body.line("/// Runs the handlers' own test.")
            body.block("public func selfTest() async throws(Refusal)") { $0.line("try await handlers.selfTest()") }
        }
    }

    private func emitDescriptor(into body: inout SwiftSource) {
        body.line("/// What the host compares with the manifest.")
        body.block("public var descriptor: PluginDescriptor") { descriptor in
            descriptor.line("PluginDescriptor(")
            descriptor.indented { arguments in
                arguments.line("id: \"\(manifest.id)\", version: \"\(manifest.version)\",")
                arguments.line("manifestDigest: \"\(manifest.digest)\",")
                arguments.line("operations: [")
                arguments.indented { names in
                    for name in manifest.operations.map(\.name).sorted() { names.line("\"\(name)\",") }
                }
                arguments.line("])")
            }
        }
    }

    private func emitPerform(into body: inout SwiftSource) {
        body.line("/// Performs an operation by its name in the manifest.")
        body.block(
            "public func perform(_ operation: String, _ input: Record, _ call: Call) async throws(Refusal) -> Value"
        ) { perform in
            perform.line("switch operation {")
            for operation in manifest.operations { emit(operation, into: &perform) }
            perform.line("default:")
            perform.indented { $0.line("throw .notFound(\"operation\")") }
            perform.line("}")
        }
    }

    private func emit(_ operation: Operation, into perform: inout SwiftSource) {
        let call = "handlers.\(operation.name)(try \(OperationsEmitter.inputName(operation))(input), call)"
        perform.line("case \"\(operation.name)\":")
        perform.indented { body in
            switch operation.output {
            case .nothing:
                body.line("try await \(call)")
                body.line("return .null")
            case .entity:
                body.line("return try await \(call).answer")
            case .fields:
                body.line("return try await \(call).value")
            }
        }
    }
}
