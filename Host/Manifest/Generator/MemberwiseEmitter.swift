/// Writes stored properties, an initialiser that takes them all, and the record of them.
struct MemberwiseEmitter {
    let properties: [SwiftProperty]

    func emit(into body: inout SwiftSource) {
        for property in properties {
            body.line(FieldDoc.line(property.field))
            body.line("public var \(property.escapedName): \(property.type)")
        }
        body.line()
        emitInitialiser(into: &body)
        body.line()
        emitRecord(into: &body)
    }

    private func emitInitialiser(into body: inout SwiftSource) {
        body.line("/// Takes the fields; those without a default are required.")
        guard !properties.isEmpty else { return body.line("public init() {}") }
        let parameters = properties.map { property in
            let standard = property.defaultLiteral ?? (property.isOptional ? "nil" : nil)
            return "\(property.escapedName): \(property.type)" + (standard.map { " = \($0)" } ?? "")
        }
        body.list("public init(", parameters, ") {")
        body.indented { assignments in
            for property in properties {
                assignments.line("self.\(property.name) = \(property.escapedName)")
            }
        }
        body.line("}")
    }

    private func emitRecord(into body: inout SwiftSource) {
        body.line("/// The values by field name; fields without a value are left out.")
        body.block("public var record: Record") { record in
            guard !properties.isEmpty else { return record.line("[:]") }
            record.line("var record = Record()")
            for property in properties {
                let set = "record[\"\(property.field.name)\"] = \(property.escapedName).value"
                record.line(property.isOptional ? "if let \(property.escapedName) { \(set) }" : set)
            }
            record.line("return record")
        }
    }
}
