/// Writes what a plugin sees of one that it requires: an enum of its name, and its operations on the call.
struct NamespaceEmitter {
    let scope: GenerationScope

    private var name: String { GenerationScope.name(of: scope.subject) }

    func emit(into source: inout SwiftSource) {
        let operations = scope.subject.operations
        source.line("/// What this plugin sees of \(scope.subject.name): records to read and operations to perform.")
        source.block("public enum \(name)") { body in
            body.line("/// The operations, inside the transaction of a call.")
            body.block("public struct Operations: Sendable") { calls in
                calls.line("fileprivate let call: Call")
                for operation in operations {
                    calls.line()
                    emit(operation, into: &calls)
                }
            }
        }
        source.line()
        source.block("extension Call") { body in
            body.line("/// The operations of \(scope.subject.name), inside this call's transaction.")
            let member = name.prefix(1).lowercased() + name.dropFirst()
            body.line("public var \(member): \(name).Operations { \(name).Operations(call: self) }")
        }
    }

    private func emit(_ operation: Operation, into calls: inout SwiftSource) {
        let qualified = "\(scope.subject.id).\(operation.name)"
        let input = OperationsEmitter.inputName(operation)
        let output = OperationsEmitter.outputName(operation)
        calls.line("/// Performs `\(qualified)`.")
        let answer = output.map { " -> \($0)" } ?? ""
        calls.block("public func \(operation.name)(_ input: \(input)) async throws(Refusal)\(answer)") { body in
            let perform = "try await call.perform(\"\(qualified)\", input.record)"
            switch (operation.output, output) {
            case (.entity, let output?): body.line("try \(output)(answer: \(perform))")
            case (.fields, let output?):
                body.line("guard let output = \(output)(value: \(perform)) else {")
                body.indented { $0.line("throw .invalid(\"\", code: \"type\")") }
                body.line("}")
                body.line("return output")
            default: body.line("_ = \(perform)")
            }
        }
    }
}
