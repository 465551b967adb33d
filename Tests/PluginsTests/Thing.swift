import PluginAPI

/// The typed form of `fx.thing`, as the generator would write it.
struct Thing: StatefulEntity {
    static let entityName = "fx.thing"
    var fields: Fields
    init(fields: Fields) { self.fields = fields }

    enum Transition: String, Sendable { case close }
}

struct ThingDraft: Draft {
    typealias Made = Thing
    let record: Record
}

/// `base.thing`, of a plugin that `fx` requires, with the powers that the generator doesn't write for it.
struct BaseThing: StatefulEntity {
    static let entityName = "base.thing"
    var fields: Fields
    init(fields: Fields) { self.fields = fields }

    typealias Transition = Thing.Transition
}

struct BaseThingDraft: Draft {
    typealias Made = BaseThing
    let record: Record
}

/// An entity of a plugin that `fx` doesn't require.
struct ForeignThing: Entity {
    static let entityName = "other.thing"
    var fields: Fields
    init(fields: Fields) { self.fields = fields }
}
