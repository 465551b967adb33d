import HostModel
import Synchronization

/// Statements that were put together for a request and are likely to be asked for again.
///
/// Putting one together takes the host longer than answering with it, and PostgreSQL plans a statement without a name
/// at each request, which took two thirds of the time of a list with two references included. So the texts of recent
/// shapes are kept, and the first shapes that are asked for again and again get names, under which each connection
/// prepares them. Both have bounds: whoever asks for odd shapes on purpose makes nothing grow, and what was named
/// before them stays named.
final class KeptStatements<Shape: Hashable & Sendable>: Sendable {
    private struct Kept {
        let statement: SQLStatement
        var uses: Int
    }

    private let name: String
    private let kept = Mutex<[Shape: Kept]>([:])

    /// - Parameter name: Starts the names that shapes get: `hs.work_order.list`.
    init(name: String) {
        self.name = name
    }

    /// The statement of a shape, from `make` when it wasn't asked for lately.
    ///
    /// - Parameter isNameable: Whether one plan is good for all values; the planner doesn't see those of a statement
    ///   that is prepared.
    func statement(_ shape: Shape, isNameable: Bool, make: (Shape) -> SQLStatement) -> SQLStatement {
        if let known = use(shape, isNameable) { return known }
        let statement = make(shape)
        kept.withLock { kept in
            if kept.count >= KeptStatementsBound.shapesMax { kept = kept.filter { $0.value.statement.name != nil } }
            if kept[shape] == nil { kept[shape] = Kept(statement: statement, uses: 1) }
        }
        return statement
    }

    private func use(_ shape: Shape, _ isNameable: Bool) -> SQLStatement? {
        kept.withLock { kept in
            guard let place = kept.index(forKey: shape) else { return nil }
            let known = kept.values[place]
            guard known.statement.name == nil, isNameable else { return known.statement }
            guard known.uses + 1 >= KeptStatementsBound.usesForName else {
                kept.values[place].uses += 1
                return known.statement
            }
            let named = kept.values.count { $0.statement.name != nil }
            guard named < KeptStatementsBound.namesMax else { return known.statement }
            let statement = SQLStatement(
                name: SQLName.fitted("\(name).kept.\(named + 1)"), text: known.statement.text,
                effect: known.statement.effect)
            kept.values[place] = Kept(statement: statement, uses: known.uses + 1)
            return statement
        }
    }
}

/// Beside ``KeptStatements``, because a generic type has no stored statics.
enum KeptStatementsBound {
    /// Of one entity and kind. A text takes some 4 KB.
    static let shapesMax = 32
    /// A connection prepares each, and PostgreSQL holds a plan for each.
    static let namesMax = 8
    /// A shape that is asked for so often is one that an application asks for.
    static let usesForName = 4
}
