package import HostManifest

/// The statuses of a table's rows and the ways between them, as its triggers hold them.
package struct StatesModel: Hashable, Sendable {
    /// The status column.
    package let column: String
    package let initial: String
    /// From and to.
    package let edges: Set<Edge>

    package struct Edge: Hashable, Sendable, Comparable {
        package let from: String
        package let to: String

        package init(from: String, to: String) {
            self.from = from
            self.to = to
        }

        package static func < (left: Self, right: Self) -> Bool { (left.from, left.to) < (right.from, right.to) }
    }

    package init(column: String, initial: String, edges: Set<Edge>) {
        self.column = column
        self.initial = initial
        self.edges = edges
    }

    package init(_ machine: StateMachine) {
        let edges = machine.transitions.flatMap { transition in
            transition.from.map { Edge(from: $0, to: transition.to) }
        }
        self.init(column: machine.field, initial: machine.initial, edges: Set(edges))
    }

    /// Every status there is a way to or from.
    package var statuses: Set<String> { Set(edges.flatMap { [$0.from, $0.to] } + [initial]) }
}
