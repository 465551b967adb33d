/// A condition over the columns of one record, as `checks` state it: `overlap_ok or slot_from < slot_to`.
///
/// Only ``ExpressionReader`` makes one, so every name is a column of the entity, every part has a kind that belongs
/// where it stands, and size and depth are within ``ExpressionReader``'s bounds. HostSQL gives it as SQL text;
/// ``holds(for:)`` says the same of values in hand.
package struct CheckExpression: Hashable, Sendable {
    /// What a part of an expression is, and so what it can be compared with.
    package enum Kind: String, Hashable, Sendable {
        /// A whole number of 64 bits.
        case number
        case text
        case bool
        case timestamp
        case date
        /// A UUID, such as the id that a reference holds.
        case id
        /// Has or hasn't a value, and nothing more is known of it: sets, JSON, e-mail addresses.
        case opaque
    }

    package enum Comparison: String, Hashable, Sendable, CaseIterable {
        case less = "<"
        case lessOrEqual = "<="
        case equal = "="
        case notEqual = "<>"
        case greaterOrEqual = ">="
        case greater = ">"
    }

    package enum Calculation: String, Hashable, Sendable {
        case plus = "+"
        case minus = "-"
        case times = "*"
    }

    /// A node of the tree.
    package indirect enum Term: Hashable, Sendable {
        /// The column's name, `_id` of a reference included.
        case column(String, Kind)
        case integer(Int64)
        /// A text in the form of its kind: RFC 3339 for a timestamp, lower case for an id.
        case text(String, Kind)
        case bool(Bool)
        case calculation(Term, Calculation, Term)
        /// How many Unicode scalars a text has.
        case length(Term)
        case comparison(Term, Comparison, Term)
        /// Whether the value is one of some.
        case membership(Term, [Term])
        case isNull(Term)
        case not(Term)
        case both(Term, Term)
        case either(Term, Term)
    }

    package let term: Term

    init(_ term: Term) { self.term = term }

    /// The columns that are named, in the order of the text, each once.
    package var columns: [String] {
        var found: [String] = []
        for column in term.columns where !found.contains(column) { found.append(column) }
        return found
    }
}

extension CheckExpression.Term {
    package var kind: CheckExpression.Kind {
        switch self {
        case .column(_, let kind), .text(_, let kind): kind
        case .integer, .calculation, .length: .number
        case .bool, .comparison, .membership, .isNull, .not, .both, .either: .bool
        }
    }

    fileprivate var columns: [String] {
        switch self {
        case .column(let name, _): [name]
        case .integer, .text, .bool: []
        case .length(let term), .isNull(let term), .not(let term): term.columns
        case .calculation(let left, _, let right), .comparison(let left, _, let right), .both(let left, let right),
            .either(let left, let right):
            left.columns + right.columns
        case .membership(let term, let values): term.columns + values.flatMap(\.columns)
        }
    }
}
