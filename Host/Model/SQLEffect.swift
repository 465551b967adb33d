/// What a statement changes of what records show. Whoever keeps answers in memory has to know.
package enum SQLEffect: Hashable, Sendable {
    /// Nothing: it reads, or keeps the host's own books, such as audit entries, events, numbers and kept answers.
    case none
    /// Records of one entity, with what belongs to each: its history, its words in the search, its indexed values.
    case records(EntityMark)
    /// Nobody said. Counts as everything of the business.
    case unknown
}

/// An entity as a number, the same in every process: the hash of its name, such as `hs.work_order`.
///
/// Two entities with one number would make each other's answers look changed, which costs a read and nothing more.
package struct EntityMark: Hashable, Sendable {
    package let number: UInt64

    package init(_ name: String) {
        number = FNV1a.hash(name)
    }
}

/// The effects of all statements of a unit or a transaction together.
package struct SQLEffects: Hashable, Sendable {
    /// Each once; few, so an array.
    package private(set) var entities: [EntityMark] = []
    /// Whether any of them is unknown.
    package private(set) var isUnknown = false

    package init(of commands: [SQLCommand] = []) {
        add(commands)
    }

    package var isNone: Bool { entities.isEmpty && !isUnknown }

    package mutating func add(_ commands: [SQLCommand]) {
        for command in commands {
            switch command.statement.effect {
            case .none: break
            case .records(let entity): if !entities.contains(entity) { entities.append(entity) }
            case .unknown: isUnknown = true
            }
        }
    }
}
