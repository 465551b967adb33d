// swift-format-ignore-file: NeverForceUnwrap
// Unwrapping nothing is one of the harms below.

import Glibc
import PluginAPI

/// A plugin with an operation for each way to do harm while it serves.
///
/// `Declared` is written by the test: what the descriptor says.
struct Misbehaving: VerticalPlugin {
    var descriptor: PluginDescriptor {
        PluginDescriptor(
            id: Declared.id, version: Declared.version, manifestDigest: Declared.manifestDigest,
            operations: Declared.operations)
    }

    func perform(_ operation: String, _ input: Record, _ call: Call) async throws(Refusal) -> Value {
        let none: [Int] = []
        switch operation {
        case "behave": break
        case "trapIndex": return .int(Int64(none[none.count]))
        case "trapNil": return .int(Int64(none.first!))
        case "trapOverflow": return .int(Int64.max - Int64(none.count) + 1 + Int64(call.now.microseconds.signum()))
        case "failFatally": fatalError("because it was asked to")
        case "pokePointer": unsafe UnsafeMutablePointer<Int>(bitPattern: 0x60 + none.count)!.pointee = 1
        case "overflowStack": return .int(descend(call.now.microseconds))
        case "abortNow": abort()
        case "leave": exit(7)
        case "trapDetached": await Task.detached { _ = none[none.count] }.value
        case "spin": while call.now.microseconds > 0 {}
        case "block": while call.now.microseconds > 0 { sleep(3_600) }
        case "leak": unsafe memset(malloc(64 << 20)!, 1, 64 << 20)
        case "lie": throw Refusal(code: "undeclared", message: "Its manifest says nothing of this.")
        default: throw Refusal(code: "unknown_operation", message: "There is no such operation.")
        }
        return .null
    }

    @inline(never)
    private func descend(_ depth: Int64) -> Int64 { depth == 0 ? 0 : descend(depth &+ 1) &+ depth }
}

/// The door.
@c(thorbis_plugin_entry_v1)
public func entry() -> UnsafeMutableRawPointer? {
    unsafe PluginBox.handOver(Misbehaving())
}
