/// One thing wrong with a manifest, and where.
package struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
    package let rule: ManifestRule
    /// As the caller named it, such as `manifests/hs.yaml`; the plugin's id for findings across manifests.
    package let file: String
    /// Nil for findings across manifests.
    package let position: SourcePosition?
    /// What was expected and what stands there.
    package let message: String
    /// What to write instead, when something near was found.
    package let suggestion: String?

    package init(
        rule: ManifestRule, file: String, position: SourcePosition?, message: String, suggestion: String? = nil
    ) {
        self.rule = rule
        self.file = file
        self.position = position
        self.message = message
        self.suggestion = suggestion
    }

    /// `file:line:column: error TM1003: message (did you mean …?)`, the form that editors make links of.
    package var description: String {
        let place = position.map { "\(file):\($0)" } ?? file
        let hint = suggestion.map { " (\($0))" } ?? ""
        return "\(place): error \(rule.rawValue): \(message)\(hint)"
    }
}

/// A place in a file; both count from 1, columns in Unicode scalars.
package struct SourcePosition: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package var description: String { "\(line):\(column)" }

    package static func < (left: Self, right: Self) -> Bool { (left.line, left.column) < (right.line, right.column) }
}

/// Everything that is wrong with a manifest, or with a set of them. Never empty.
package struct InvalidManifest: Error, Hashable, Sendable, CustomStringConvertible {
    /// In the order of the file.
    package let diagnostics: [Diagnostic]

    package init(diagnostics: [Diagnostic]) {
        precondition(!diagnostics.isEmpty, "a manifest without findings is valid")
        self.diagnostics = diagnostics
    }

    package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
