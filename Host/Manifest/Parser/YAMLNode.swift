/// A value of the manifest file with its place. Strings, lists and maps only: no anchors, no tags.
struct YAMLNode: Hashable, Sendable {
    enum Content: Hashable, Sendable {
        case scalar(YAMLScalar)
        case list([YAMLNode])
        case map([YAMLMember])
    }

    /// How a scalar is written, when it is written in one line's form.
    enum Style: Hashable, Sendable { case plain, singleQuoted, doubleQuoted }

    let content: Content
    let position: SourcePosition
    /// Nil for lists, maps and block scalars.
    var style: Style?

    /// The value of a member; nil when this isn't a map or has no such key.
    subscript(key: String) -> YAMLNode? { member(key)?.value }

    func member(_ key: String) -> YAMLMember? {
        guard case .map(let members) = content else { return nil }
        return members.first { $0.key == key }
    }

    /// Where the member at the end of a path of keys starts; as far along the path as the file goes.
    func position(of path: [String]) -> SourcePosition {
        guard let first = path.first, let member = member(first) else { return position }
        return path.count == 1
            ? member.position : member.value.position(of: Array(path.dropFirst()), or: member.position)
    }

    private func position(of path: [String], or fallback: SourcePosition) -> SourcePosition {
        path.first.flatMap(member) == nil ? fallback : position(of: path)
    }

    /// What stands there, for messages.
    var kind: String {
        switch content {
        case .scalar(let scalar): scalar.kind
        case .list: "a list"
        case .map: "a map"
        }
    }
}

/// A key with its value.
struct YAMLMember: Hashable, Sendable {
    let key: String
    let position: SourcePosition
    let value: YAMLNode
}

/// A scalar, resolved by the core schema of YAML 1.2: `yes`, `no`, `on` and `off` are text.
enum YAMLScalar: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    /// A number that isn't an integer of 64 bits, as written.
    case number(String)
    case text(String)

    init(plain text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .bool(true)
        case "false", "False", "FALSE": self = .bool(false)
        default:
            if let int = Int64(text) {
                self = .int(int)
            } else if Self.isNumber(text) {
                self = .number(text)
            } else {
                self = .text(text)
            }
        }
    }

    var kind: String {
        switch self {
        case .null: "nothing"
        case .bool: "a truth value"
        case .int, .number: "a number"
        case .text: "text"
        }
    }

    /// Section 10.3.2 of YAML 1.2.2; `Double` takes `inf` and `nan` without their dot, which YAML reads as text.
    private static func isNumber(_ text: String) -> Bool {
        let bare = text.first == "-" || text.first == "+" ? text.dropFirst() : Substring(text)
        if [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(bare) { return true }
        if bare.hasPrefix("0x") { return bare.count > 2 && bare.dropFirst(2).allSatisfy(\.isHexDigit) }
        if bare.hasPrefix("0o") { return bare.count > 2 && bare.dropFirst(2).allSatisfy { ("0"..."7").contains($0) } }
        guard let first = bare.first, first.isASCII, first.isNumber || first == "." else { return false }
        return Double(bare) != nil
    }
}
