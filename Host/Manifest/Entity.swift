package import HostModel

/// The name of an entity with its plugin: `core.party`.
package struct EntityReference: Hashable, Sendable, LosslessStringConvertible {
    package let plugin: PluginID
    package let name: String

    package init(plugin: PluginID, name: String) {
        self.plugin = plugin
        self.name = name
    }

    /// Reads `hs.work_order`; nil for anything else. Whether there is such an entity is another question.
    package init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let plugin = PluginID(parts[0]), NameRule.entity.allows(parts[1]) else { return nil }
        self.init(plugin: plugin, name: parts[1])
    }

    package var description: String { "\(plugin).\(name)" }
}

/// A kind of record: a table, its routes and its rules.
package struct Entity: Hashable, Sendable {
    /// Who may write records of it.
    package enum Writing: String, Hashable, Sendable, CaseIterable {
        /// Generated record routes and operations.
        case routes
        /// Operations only; the generated routes list and read.
        case operations
    }

    /// Bare name, singular snake case: `work_order`.
    package let name: String
    /// The last part of its URLs, plural kebab case: `work-orders`.
    package let route: String
    package let feature: String?
    package let writing: Writing
    /// Whether records can be archived (master data); documents can't.
    package let isArchivable: Bool
    /// The entity that these records are lines of.
    ///
    /// Adds a required column `<parent>_id`, which never changes; lines come with their parent.
    package let parent: Parent?
    package let fields: [Field]
    package let checks: [Check]
    package let unique: [Unique]
    package let exclusions: [Exclusion]
    /// Indexed column lists, without the leading `business_id`.
    package let indexes: [[String]]
    /// Columns that lists can be sorted by, `created_at` always among them; each has an index behind it.
    package let sorts: [String]
    package let states: StateMachine?
    /// What answers may include: references by their names, lines by their members.
    package let includes: [String]

    package struct Parent: Hashable, Sendable {
        package let entity: String
        /// The member of the parent's JSON that holds these records: `lines`.
        package let member: String
        /// How they are written with their document; nil for records that have routes of their own for that.
        package let written: Together?

        /// Lines that come in the body of their document and nowhere else.
        package struct Together: Hashable, Sendable {
            /// How many one document may have: 1 to ``countMax``.
            package let max: Int
            /// The statuses of the document in which its lines change; nil for any.
            package let statuses: [String]?

            /// A document and its lines are one transaction, which other writers of the document wait for.
            static let countMax = 500

            package init(max: Int, statuses: [String]? = nil) {
                self.max = max
                self.statuses = statuses
            }
        }

        package init(entity: String, member: String, written: Together? = nil) {
            self.entity = entity
            self.member = member
            self.written = written
        }
    }

    /// A condition that every record keeps; one that is unknown, because a value is absent, is kept.
    package struct Check: Hashable, Sendable {
        /// Also the code of the fault that a broken check is answered with.
        package let id: String
        package let expression: CheckExpression

        package init(id: String, expression: CheckExpression) {
            self.id = id
            self.expression = expression
        }
    }

    package init(
        name: String, route: String, feature: String?, writing: Writing, isArchivable: Bool, parent: Parent?,
        fields: [Field], checks: [Check], unique: [Unique], exclusions: [Exclusion] = [], indexes: [[String]],
        sorts: [String], states: StateMachine?, includes: [String] = []
    ) {
        self.name = name
        self.route = route
        self.feature = feature
        self.writing = writing
        self.isArchivable = isArchivable
        self.parent = parent
        self.fields = fields
        self.checks = checks
        self.unique = unique
        self.exclusions = exclusions
        self.indexes = indexes
        self.sorts = sorts
        self.states = states
        self.includes = includes
    }

    /// The fields that `adjust` adds to.
    package var counters: [Field] { fields.filter(\.isCounter) }

    package func field(_ name: String) -> Field? { fields.first { $0.name == name } }

    /// What a body is told about: the fields, and the label of the status, which an action sets.
    package var bodyFields: [Field] {
        guard states?.hasLabels == true else { return fields }
        return fields + [Field(name: StateMachine.labelColumn, type: .uuid, isReadOnly: true)]
    }

    /// Whether generated routes of its own write its records.
    package var isWrittenByRoutes: Bool { writing == .routes && parent?.written == nil }

    /// The field in which the host numbers lines that are written with their document.
    package static let position = "position"
}

/// The statuses of an entity and the declared ways between them. The host and a trigger refuse every other way.
package struct StateMachine: Hashable, Sendable {
    /// The status column; text, never writable by a body.
    package let field: String
    package let initial: String
    package let transitions: [Transition]
    /// Whether businesses have words of their own for the statuses: a record has one of those of its status, or none.
    package let hasLabels: Bool

    /// The column, and the member of the record's JSON.
    package static let labelColumn = "label_id"
    /// The action that sets it, and the verb of its permission.
    package static let labelAction = "label"

    package struct Transition: Hashable, Sendable {
        package let name: String
        package let from: [String]
        package let to: String
        /// The verb of the permission that it needs; its own name unless said otherwise.
        package let permission: String
        /// The operation that alone may apply it; nil for one that the host applies on its route.
        package let operation: String?
        package let needsReason: Bool
        /// A published event's name, without the plugin's prefix.
        package let emits: String?
        /// What must hold of the record, its changed values included; a condition that can't be told doesn't hold.
        package let guards: [Entity.Check]

        package init(
            name: String, from: [String], to: String, permission: String, operation: String?, needsReason: Bool,
            emits: String?, guards: [Entity.Check] = []
        ) {
            self.name = name
            self.from = from
            self.to = to
            self.permission = permission
            self.operation = operation
            self.needsReason = needsReason
            self.emits = emits
            self.guards = guards
        }
    }

    package init(field: String, initial: String, transitions: [Transition], hasLabels: Bool = false) {
        self.field = field
        self.initial = initial
        self.transitions = transitions
        self.hasLabels = hasLabels
    }

    /// Every status, the initial one first, then in the order of the manifest.
    package var statuses: [String] {
        var found = [initial]
        for status in transitions.flatMap({ $0.from + [$0.to] }) where !found.contains(status) { found.append(status) }
        return found
    }
}
