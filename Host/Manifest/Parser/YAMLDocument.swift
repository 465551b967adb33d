import Yams

/// Turns the text of a file into nodes, refusing what a manifest must not have: anchors, aliases, tags, two documents.
enum YAMLDocument {
    /// The longest manifest, in bytes of UTF-8.
    static let bytesMax = 1_048_576

    /// - Returns: Nil when the text isn't YAML; what is wrong stands in `findings`.
    static func read(_ text: String, findings: Findings) -> YAMLNode? {
        guard text.utf8.count <= bytesMax else {
            findings.report(.syntax, at: .start, "the file is longer than \(bytesMax) bytes")
            return nil
        }
        do {
            // The basic resolver keeps every scalar a string: types are resolved here, by the rules of YAML 1.2.
            let parser = try Yams.Parser(yaml: text, resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else {
                findings.report(.syntax, at: .start, "the file is empty")
                return nil
            }
            // A node refers weakly to its anchor, which the parser owns.
            return withExtendedLifetime(parser) { node(root, findings: findings) }
        } catch let error as YamlError {
            report(error, to: findings)
        } catch {
            findings.report(.syntax, at: .start, "the file can't be read: \(error)")
        }
        return nil
    }

    /// Doesn't go into a node with an anchor: an alias repeats it, and nested aliases grow without bound.
    private static func node(_ node: Node, findings: Findings) -> YAMLNode {
        let position = SourcePosition(node.mark)
        if let anchor = node.anchor {
            findings.report(.anchor, at: position, "the anchor or alias `\(anchor)` is not allowed here")
            return YAMLNode(content: .scalar(.null), position: position)
        }
        return YAMLNode(
            content: content(node, at: position, findings: findings), position: position, style: style(node))
    }

    private static func style(_ node: Node) -> YAMLNode.Style? {
        switch node.scalar?.style {
        case .plain, .any: .plain
        case .singleQuoted: .singleQuoted
        case .doubleQuoted: .doubleQuoted
        default: nil
        }
    }

    private static func content(_ node: Node, at position: SourcePosition, findings: Findings) -> YAMLNode.Content {
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            refuse(tag: scalar.tag, implicit: isPlain ? "" : Self.stringTag, at: position, findings: findings)
            return .scalar(isPlain ? YAMLScalar(plain: scalar.string) : .text(scalar.string))
        case .sequence(let sequence):
            refuse(tag: sequence.tag, implicit: "", at: position, findings: findings)
            return .list(sequence.map { Self.node($0, findings: findings) })
        case .mapping(let mapping):
            refuse(tag: mapping.tag, implicit: "", at: position, findings: findings)
            return .map(mapping.compactMap { member($0.key, $0.value, findings: findings) })
        case .alias:
            findings.report(.anchor, at: position, "an alias is not allowed here")
            return .scalar(.null)
        }
    }

    private static func member(_ key: Node, _ value: Node, findings: Findings) -> YAMLMember? {
        let position = SourcePosition(key.mark)
        guard case .scalar(let scalar) = key, key.anchor == nil else {
            findings.report(
                .shape, at: position, "a key is a plain word, not \(key.scalar == nil ? "a map" : "an anchor")")
            return nil
        }
        // Looking for duplicates has resolved the tag of a plain key already.
        refuse(tag: scalar.tag, implicit: Self.stringTag, at: position, findings: findings)
        return YAMLMember(key: scalar.string, position: position, value: node(value, findings: findings))
    }

    private static func refuse(tag: Tag, implicit: String, at position: SourcePosition, findings: Findings) {
        let name = tag.description
        if name != implicit, !name.isEmpty {
            findings.report(.anchor, at: position, "the tag `\(name)` is not allowed here")
        }
    }

    private static let stringTag = "tag:yaml.org,2002:str"

    private static func report(_ error: YamlError, to findings: Findings) {
        switch error {
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map { "`\($0)`" }.joined(separator: ", ")
            findings.report(.duplicateKey, at: SourcePosition(context.mark), "the key \(names) stands twice in one map")
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let during = context.map { ", \($0.text)" } ?? ""
            let rule: ManifestRule = problem.contains("alias") ? .anchor : .syntax
            findings.report(rule, at: SourcePosition(mark), "\(problem)\(during)")
        case .reader(let problem, _, _, _):
            findings.report(.syntax, at: .start, problem)
        default:
            findings.report(.syntax, at: .start, "the file can't be read: \(error)")
        }
    }
}

extension SourcePosition {
    static let start = SourcePosition(line: 1, column: 1)

    fileprivate init(_ mark: Mark?) {
        self = mark.map { SourcePosition(line: max(1, $0.line), column: max(1, $0.column)) } ?? .start
    }
}
