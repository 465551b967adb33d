/// The columns that an expression of one entity may name, with what they hold.
struct ExpressionColumns {
    struct Column: Hashable, Sendable {
        /// The column's name, by which values are found.
        let name: String
        let kind: CheckExpression.Kind
        /// The values of an enum or a status; nil for any.
        let words: [String]?
        /// Whether it has a start and an end by itself.
        var isPeriod = false
    }

    private var columns: [String: Column] = [:]

    init(fields: [Field], parent: Entity.Parent?, states: StateMachine?) {
        for name in ["created_at", "updated_at"] { columns[name] = Column(name: name, kind: .timestamp, words: nil) }
        columns["external_id"] = Column(name: "external_id", kind: .text, words: nil)
        for field in fields {
            // The database has only the sealed text.
            let kind = field.isSensitive ? .opaque : field.type.expressionKind
            columns[field.name] = Column(
                name: field.column, kind: kind, words: field.type.words, isPeriod: field.type.keyword == "period")
        }
        if let parent {
            columns[parent.entity] = Column(name: parent.entity + "_id", kind: .id, words: nil)
        }
        if let states { columns[states.field] = Column(name: states.field, kind: .text, words: states.statuses) }
    }

    subscript(name: String) -> Column? { columns[name] }

    /// What may be named, sorted.
    var names: [String] { columns.keys.sorted() }

    /// The values of a column's enum, by the column's name.
    func words(of column: String) -> [String]? { columns.values.first { $0.name == column }?.words }
}

extension FieldType {
    /// What an expression can do with a value. E-mail addresses are stored in lower case by the database's rules of
    /// case, which no comparison here could follow, so an expression only asks whether there is one.
    var expressionKind: CheckExpression.Kind {
        switch self {
        case .int, .money, .quantity, .rate: .number
        // PostgreSQL compares these regardless of case, and Swift doesn't.
        case .text(_, _, _, isCaseless: true): .opaque
        case .text, .phone, .timeZone, .currency, .country, .sequence, .enumeration: .text
        case .bool: .bool
        case .date: .date
        case .timestamp: .timestamp
        case .uuid, .reference, .file: .id
        default: .opaque
        }
    }

    /// The values of an enum; nil for every other type.
    fileprivate var words: [String]? {
        if case .enumeration(let words) = self { words } else { nil }
    }
}
