/// The form of a kind of name. The lengths keep every constraint's name within PostgreSQL's 63 bytes.
enum NameRule {
    /// `work_order`
    case entity
    /// `unit_price_minor`
    case field
    /// `work-orders`
    case route
    /// `completeWorkOrder`
    case operation
    /// A status, an enum's value, a role, a transition, an error code.
    case word
    /// A feature or a limit: `work-orders`.
    case feature

    func allows(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard let first = bytes.first, bytes.count <= lengthMax else { return false }
        guard Self.isLower(first) || self == .word && Self.isDigit(first) else { return false }
        return bytes.dropFirst().allSatisfy(isAllowed) && bytes.last != separator
    }

    var form: String {
        switch self {
        case .entity: "lower snake case, at most \(lengthMax) characters, such as `work_order`"
        case .field: "lower snake case, at most \(lengthMax) characters, such as `due_date`"
        case .route: "lower kebab case, at most \(lengthMax) characters, such as `work-orders`"
        case .operation: "lower camel case, at most \(lengthMax) characters, such as `completeWorkOrder`"
        case .word: "lower snake case, at most \(lengthMax) characters, such as `in_progress`"
        case .feature: "lower kebab case, at most \(lengthMax) characters, such as `work-orders`"
        }
    }

    var lengthMax: Int {
        switch self {
        case .entity: 24
        case .field: 27
        case .word: 27
        case .route, .feature: 40
        case .operation: 48
        }
    }

    private var separator: UInt8 {
        switch self {
        case .route, .feature: UInt8(ascii: "-")
        default: UInt8(ascii: "_")
        }
    }

    private func isAllowed(_ byte: UInt8) -> Bool {
        if Self.isLower(byte) || Self.isDigit(byte) { return true }
        if self == .operation { return (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
        return byte == separator
    }

    private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
