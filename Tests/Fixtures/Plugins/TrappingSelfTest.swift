import PluginAPI

/// Fault: its own test traps.
struct Trapping: VerticalPlugin {
    var descriptor: PluginDescriptor { Fixture().descriptor }

    func perform(_ operation: String, _ input: Record, _ call: Call) async throws(Refusal) -> Value { .null }

    func selfTest() async throws(Refusal) {
        _ = Declared.operations[Declared.operations.count]
    }
}

/// The door.
@c(thorbis_plugin_entry_v1)
public func entry() -> UnsafeMutableRawPointer? {
    unsafe PluginBox.handOver(Trapping())
}
