package import HostModel

/// A sum, difference or product that 64 bits can't hold.
package struct ExpressionOverflow: Error, Hashable, Sendable {}

extension CheckExpression {
    /// Whether values keep the condition, by the three-valued logic of SQL.
    ///
    /// PostgreSQL gives the same for the same row; a test compares them over thousands of random ones. Parts are looked
    /// at from left to right, and only as far as they decide.
    ///
    /// - Parameter values: By column, in the form of ``InputValidator`` and of records' JSON. Absent is null.
    /// - Returns: Nil when it is unknown because something is null.
    package func holds(for values: [String: JSONValue]) throws(ExpressionOverflow) -> Bool? {
        try Self.truth(term, values)
    }

    /// What a part that isn't a condition comes to; nil is null.
    private enum Value: Equatable {
        case number(Int64)
        /// Compared byte by byte: Swift's `==` takes different scalars for one character, PostgreSQL doesn't.
        case bytes([UInt8])
        case bool(Bool)
        /// Has a value, of which nothing else is asked.
        case opaque
    }

    private static func truth(_ term: Term, _ values: [String: JSONValue]) throws(ExpressionOverflow) -> Bool? {
        switch term {
        case .bool(let bool): return bool
        case .not(let condition): return try truth(condition, values).map { !$0 }
        case .isNull(let part): return try value(part, values) == nil
        case .both(let left, let right):
            let first = try truth(left, values)
            if first == false { return false }
            let second = try truth(right, values)
            return second == false ? false : first == nil ? nil : second
        case .either(let left, let right):
            let first = try truth(left, values)
            if first == true { return true }
            let second = try truth(right, values)
            return second == true ? true : first == nil ? nil : second
        case .comparison(let left, let sign, let right):
            guard let left = try value(left, values), let right = try value(right, values) else { return nil }
            return compare(left, sign, right)
        case .membership(let part, let list): return try isMember(part, of: list, values)
        case .column, .integer, .text, .calculation, .length:
            guard case .bool(let bool)? = try value(term, values) else { return nil }
            return bool
        }
    }

    private static func isMember(
        _ part: Term, of list: [Term], _ values: [String: JSONValue]
    ) throws(ExpressionOverflow) -> Bool? {
        guard let part = try value(part, values) else { return nil }
        var isUnknown = false
        for term in list {
            guard let other = try value(term, values) else {
                isUnknown = true
                continue
            }
            if part == other { return true }
        }
        return isUnknown ? nil : false
    }

    private static func value(_ term: Term, _ values: [String: JSONValue]) throws(ExpressionOverflow) -> Value? {
        switch term {
        case .column(let name, let kind): return values[name].flatMap { stored($0, kind) }
        case .integer(let number): return .number(number)
        case .text(let text, let kind): return stored(.string(text), kind)
        case .length(let text):
            guard case .bytes(let bytes)? = try value(text, values) else { return nil }
            return .number(Int64(String(decoding: bytes, as: UTF8.self).unicodeScalars.count))
        case .calculation(let left, let sign, let right):
            guard case .number(let left)? = try value(left, values),
                case .number(let right)? = try value(right, values)
            else { return nil }
            return .number(try calculate(left, sign, right))
        case .bool, .comparison, .membership, .isNull, .not, .both, .either:
            return try truth(term, values).map(Value.bool)
        }
    }

    private static func stored(_ value: JSONValue, _ kind: Kind) -> Value? {
        if case .null = value { return nil }
        switch kind {
        case .number: return value.int.map(Value.number)
        case .bool: return value.bool.map(Value.bool)
        case .timestamp: return value.string.flatMap(Timestamp.init(rfc3339:)).map { .number($0.microseconds) }
        // Days are written with four digits for the year, so their bytes are in the order of time.
        case .text, .date, .id: return value.string.map { .bytes(Array($0.utf8)) }
        case .opaque: return .opaque
        }
    }

    static func calculate(
        _ left: Int64, _ sign: Calculation, _ right: Int64
    ) throws(ExpressionOverflow) -> Int64 {
        let (result, isOverflow) =
            switch sign {
            case .plus: left.addingReportingOverflow(right)
            case .minus: left.subtractingReportingOverflow(right)
            case .times: left.multipliedReportingOverflow(by: right)
            }
        if isOverflow { throw ExpressionOverflow() }
        return result
    }

    private static func compare(_ left: Value, _ sign: Comparison, _ right: Value) -> Bool {
        switch sign {
        case .equal: left == right
        case .notEqual: left != right
        case .less: isBefore(left, right)
        case .greater: isBefore(right, left)
        case .lessOrEqual: !isBefore(right, left)
        case .greaterOrEqual: !isBefore(left, right)
        }
    }

    private static func isBefore(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        case (.bytes(let left), .bytes(let right)): left.lexicographicallyPrecedes(right)
        default: false
        }
    }
}
