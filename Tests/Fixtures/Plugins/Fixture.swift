import PluginAPI

/// A plugin that does as it is told, so that the host's side of a call can be tested.
///
/// `Declared` is written by the test, next to the note: what the descriptor says.
struct Fixture: VerticalPlugin {
    var descriptor: PluginDescriptor {
        PluginDescriptor(
            id: Declared.id, version: Declared.version, manifestDigest: Declared.manifestDigest,
            operations: Declared.operations)
    }

    func perform(_ operation: String, _ input: Record, _ call: Call) async throws(Refusal) -> Value {
        switch operation {
        case "echo": return .map(input)
        case "step":
            let id: RecordID = try input.required("id")
            let thing = try await call.store.adjust(
                Reference<CountedThing>(id), adding: ["count": try input.required("by")], reason: "stepped")
            return .map(["count": thing.fields.record["count"]])
        default: throw Refusal(code: "unknown_operation", message: "There is no such operation.")
        }
    }
}

/// An entity with a counter, as the generator would write it.
struct CountedThing: Entity {
    static let entityName = "fx.thing"
    var fields: Fields
    init(fields: Fields) { self.fields = fields }
}
