import PluginAPI

/// The typed form of `fx.thing`, as the generator would write it.
struct Thing: Entity {
    static let entityName = "fx.thing"
    var fields: Fields
    init(fields: Fields) { self.fields = fields }
}

struct ThingDraft: Draft {
    typealias Made = Thing
    let record: Record
}

/// An entity of a plugin that `fx` doesn't require.
struct ForeignThing: Entity {
    static let entityName = "other.thing"
    var fields: Fields
    init(fields: Fields) { self.fields = fields }
}
