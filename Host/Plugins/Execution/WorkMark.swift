/// What a thread works on, as a crash record has it: two numbers, because a signal handler can carry no more.
struct WorkMark: Hashable, Sendable {
    /// The number of a ``PluginGeneration``.
    let generation: UInt32
    /// The operation's place in the manifest; ``noOperation`` while the plugin is loaded.
    let operation: UInt32

    static let noOperation = UInt32.max

    init(generation: PluginGeneration, operation: Int) {
        self.generation = UInt32(clamping: generation.number)
        self.operation = UInt32(clamping: operation)
    }
}
