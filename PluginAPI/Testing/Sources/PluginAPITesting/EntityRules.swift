public import PluginAPI

/// What the in-memory business has to know of an entity: the part of the manifest that handlers can notice.
public struct EntityRules: Hashable, Sendable {
    /// The qualified name, such as `hs.work_order`.
    public let name: String
    /// What a new record has when its draft leaves a field out.
    public let defaults: Record
    /// Fields that refer to another entity, with its qualified name.
    public let references: [String: String]
    /// What numbers of the entity's sequence begin with, such as `WO-`; nil without a sequence.
    public let numberPrefix: String?
    /// Its state machine, if it has one.
    public let states: StateRules?
    /// The bounds of its counters, as `min` and `max` of the manifest say.
    public let counters: [String: ClosedRange<Int64>]

    /// Describes an entity.
    public init(
        _ name: String, defaults: Record = [:], references: [String: String] = [:], numberPrefix: String? = nil,
        states: StateRules? = nil, counters: [String: ClosedRange<Int64>] = [:]
    ) {
        self.name = name
        self.defaults = defaults
        self.references = references
        self.numberPrefix = numberPrefix
        self.states = states
        self.counters = counters
    }
}

/// The statuses of an entity and the declared ways between them.
public struct StateRules: Hashable, Sendable {
    /// A declared way from some statuses to one.
    public struct Transition: Hashable, Sendable {
        /// Where it may begin.
        public let from: Set<String>
        /// Where it ends.
        public let to: String
        /// Whether it is refused without a reason.
        public let needsReason: Bool
        /// What is published with it.
        public let emits: Event?

        /// Describes a transition.
        public init(from: Set<String>, to: String, needsReason: Bool = false, emits: Event? = nil) {
            self.from = from
            self.to = to
            self.needsReason = needsReason
            self.emits = emits
        }
    }

    /// An event that the host fills from the record that moved.
    public struct Event: Hashable, Sendable {
        /// Without the plugin's prefix, such as `invoice.paid`.
        public let name: String
        /// Fields of the record, and the entity's bare name for the record's own id.
        public let payload: [String]

        /// Describes an event.
        public init(_ name: String, payload: [String]) {
            self.name = name
            self.payload = payload
        }
    }

    /// The status field.
    public let field: String
    /// What a new record has.
    public let initial: String
    /// The transitions by name.
    public let transitions: [String: Transition]

    /// Describes a state machine.
    public init(field: String = "status", initial: String, transitions: [String: Transition]) {
        self.field = field
        self.initial = initial
        self.transitions = transitions
    }
}
