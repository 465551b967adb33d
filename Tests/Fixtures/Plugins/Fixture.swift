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
        default: throw Refusal(code: "unknown_operation", message: "There is no such operation.")
        }
    }
}
