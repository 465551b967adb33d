import HostModel

/// A rule that a value breaks: the code of the fault and one sentence on what is expected.
struct Breach: Error, Hashable {
    let code: String
    let detail: String

    static let required = Breach(code: "required", detail: "A value is required.")
    static let readOnly = Breach(code: "read_only", detail: "The host sets this itself; leave it out.")
    static let counter = Breach(code: "read_only", detail: "It changes by steps: use the action adjust.")
    static let blank = Breach(code: "blank", detail: "The text must have more than white space.")
    static let duplicate = Breach(code: "duplicate", detail: "The value stands in the list already.")
    static let masked = Breach(
        code: "masked", detail: "This is the mask of a value that isn't shown; leave the member out to keep the value.")
    static let later = Breach(code: "order", detail: "The end must be later than the start.")
    static let zeroCharacter = Breach(code: "format", detail: "Texts must not contain the character U+0000.")

    /// - Parameter suggestion: The name that was probably meant.
    static func unknownField(suggestion: String?) -> Breach {
        let hint = suggestion.map { "; write `\($0)` for the reference" } ?? ""
        return Breach(code: "unknown_field", detail: "There is no such field\(hint).")
    }

    /// - Parameter expected: As in `a text`.
    static func type(_ expected: String) -> Breach {
        Breach(code: "type", detail: "The value must be \(expected).")
    }

    /// - Parameter least: With its unit: `3 characters`.
    static func min(_ least: String) -> Breach {
        Breach(code: "min", detail: "The value must be at least \(least).")
    }

    static func max(_ most: String) -> Breach {
        Breach(code: "max", detail: "The value must be at most \(most).")
    }

    static func pattern(_ pattern: String) -> Breach {
        Breach(code: "pattern", detail: "The whole text must match \(pattern).")
    }

    static func oneOf(_ values: [String]) -> Breach {
        Breach(code: "enum", detail: "The value must be one of \(values.joined(separator: ", ")).")
    }

    /// - Parameter expected: As in `a date such as 2026-11-22`.
    static func format(_ expected: String) -> Breach {
        Breach(code: "format", detail: "The value must be \(expected).")
    }
}
