/// Why an operation did not happen: the host answers with it and rolls everything back. Since 1.0.
///
/// Any task may make one. Codes of a plugin stand in its manifest under `errors`; the host answers 409 for those.
/// A code that neither the manifest nor the host knows becomes an internal error with nothing of it in the answer.
public struct Refusal: Error, Hashable, Sendable {
    /// A stable name in snake case, such as `completion_gate`.
    public let code: String
    /// One sentence for a person: what was expected and what to do. Names no other business, no secret.
    public let message: String
    /// Facts a program can use, such as the missing items.
    public let details: Record
    /// Fields at fault, as JSON pointers into the input, with a code each; only with `validation_failed`.
    public let faults: [FieldFault]

    /// Makes a refusal.
    public init(code: String, message: String, details: Record = [:], faults: [FieldFault] = []) {
        self.code = code
        self.message = message
        self.details = details
        self.faults = faults
    }

    /// The input breaks a rule at one field.
    public static func invalid(_ field: String, code: String, message: String? = nil) -> Refusal {
        let pointer = field.hasPrefix("/") || field.isEmpty ? field : "/" + field
        return Refusal(
            code: "validation_failed", message: message ?? "The field \(pointer) is not valid: \(code).",
            faults: [FieldFault(pointer: pointer, code: code)])
    }

    /// No such record in this business.
    public static func notFound(_ entity: String) -> Refusal {
        Refusal(code: "not_found", message: "There is no such \(entity).", details: ["entity": .text(entity)])
    }
}

/// One field at fault. Since 1.0.
public struct FieldFault: Hashable, Sendable {
    /// A JSON pointer (RFC 6901) into the input, such as `/lines/0/qty_milli`.
    public let pointer: String
    /// A stable name of the broken rule, such as `required` or `max`.
    public let code: String

    /// Makes a fault.
    public init(pointer: String, code: String) {
        self.pointer = pointer
        self.code = code
    }
}
