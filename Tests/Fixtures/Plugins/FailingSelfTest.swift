import PluginAPI

/// Fault: its own test finds it wrong.
struct Failing: VerticalPlugin {
    var descriptor: PluginDescriptor { Fixture().descriptor }

    func perform(_ operation: String, _ input: Record, _ call: Call) async throws(Refusal) -> Value { .null }

    func selfTest() async throws(Refusal) {
        print("adding up")
        throw Refusal(code: "wrong_total", message: "two and two are 5, not 4.")
    }
}

/// The door.
@c(thorbis_plugin_entry_v1)
public func entry() -> UnsafeMutableRawPointer? {
    unsafe PluginBox.handOver(Failing())
}
