import PluginAPI

/// Fault: its own test never ends, and keeps its thread busy.
struct Hanging: VerticalPlugin {
    var descriptor: PluginDescriptor { Fixture().descriptor }

    func perform(_ operation: String, _ input: Record, _ call: Call) async throws(Refusal) -> Value { .null }

    func selfTest() async throws(Refusal) {
        var turns: UInt64 = 0
        while turns < .max { turns &+= turns & 1 }
    }
}

/// The door.
@c(thorbis_plugin_entry_v1)
public func entry() -> UnsafeMutableRawPointer? {
    unsafe PluginBox.handOver(Hanging())
}
