/// Writes an enum of words.
enum EnumEmitter {
    /// - Parameter conformances: What stands after `String`, such as `FieldValue, CaseIterable`.
    static func emit(
        _ name: String, doc: String, values: [String], conformances: String, into source: inout SwiftSource
    ) {
        source.line("/// \(doc)")
        source.block("public enum \(name): String, \(conformances)") { body in
            for value in values {
                let word = SwiftName.enumCase(value)
                body.line("case \(SwiftName.escaped(word))" + (word == value ? "" : " = \"\(value)\""))
            }
        }
    }
}
