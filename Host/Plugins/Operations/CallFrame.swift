import HostManifest
import HostModel

/// An operation at work, and the ones that led to it.
struct CallFrame: Sendable, CustomStringConvertible {
    /// How many operations may be at work inside each other.
    static let depthMax = 4

    let entry: PluginSnapshot.Entry
    let operation: Operation
    /// Names of the operations that led here, the first one first, this one last.
    let path: [String]
    /// When it began, in the count of the generation's cuts.
    private let epoch: Int

    init(_ entry: PluginSnapshot.Entry, _ operation: Operation) {
        self.init(entry, operation, path: ["\(entry.manifest.id).\(operation.name)"])
    }

    private init(_ entry: PluginSnapshot.Entry, _ operation: Operation, path: [String]) {
        self.entry = entry
        self.operation = operation
        self.path = path
        epoch = entry.generation.callEpoch
    }

    /// Whether its generation went out of service and its time to drain is over: nothing of it may be committed.
    var isCutOff: Bool { entry.generation.callEpoch != epoch }

    var plugin: PluginID { entry.manifest.id }
    var description: String { path.joined(separator: " → ") }

    /// The frame of an operation that this one leads to; nil when it is at work already, or the way gets too long.
    func leading(to entry: PluginSnapshot.Entry, _ operation: Operation) -> CallFrame? {
        let name = "\(entry.manifest.id).\(operation.name)"
        guard !path.contains(name), path.count < Self.depthMax else { return nil }
        return CallFrame(entry, operation, path: path + [name])
    }
}
