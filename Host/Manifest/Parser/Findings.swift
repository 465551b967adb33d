/// Collects what is wrong with one file. Used by one reader at a time; made and dropped within one parse.
final class Findings {
    let file: String
    /// The file's root, for finding the place of a name that a later check complains about.
    var root: YAMLNode?
    private(set) var diagnostics: [Diagnostic] = []

    init(file: String) {
        self.file = file
    }

    var isEmpty: Bool { diagnostics.isEmpty }

    func report(_ rule: ManifestRule, at position: SourcePosition, _ message: String, suggestion: String? = nil) {
        diagnostics.append(
            Diagnostic(rule: rule, file: file, position: position, message: message, suggestion: suggestion))
    }

    /// Reports at the key that a path of keys leads to, such as `["entities", "party", "fields"]`.
    func report(_ rule: ManifestRule, in path: [String], _ message: String, suggestion: String? = nil) {
        report(rule, at: root?.position(of: path) ?? .start, message, suggestion: suggestion)
    }

    /// Reports a name that isn't among the known ones, with the nearest of them as the suggestion.
    func reportUnknown(
        _ rule: ManifestRule, at position: SourcePosition, _ what: String, _ name: String, known: some Sequence<String>
    ) {
        let nearest = NearestName.nearest(to: name, among: known)
        report(
            rule, at: position, "\(what) `\(name)` is not known",
            suggestion: nearest.map { "did you mean `\($0)`?" })
    }

    /// As above, at the key that a path leads to.
    func reportUnknown(
        _ rule: ManifestRule, in path: [String], _ what: String, _ name: String, known: some Sequence<String>
    ) {
        reportUnknown(rule, at: root?.position(of: path) ?? .start, what, name, known: known)
    }

    /// - Throws: What was found, in the order of the file.
    func throwIfAny() throws(InvalidManifest) {
        guard !diagnostics.isEmpty else { return }
        // A stable order: findings at one place stay in the order in which they were made.
        let ordered = diagnostics.enumerated().sorted {
            ($0.element.position ?? .start, $0.offset) < ($1.element.position ?? .start, $1.offset)
        }
        throw InvalidManifest(diagnostics: ordered.map(\.element))
    }
}
