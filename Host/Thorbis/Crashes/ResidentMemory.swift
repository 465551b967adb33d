import Foundation

/// How much memory this process has, and the bound of it: a plugin that leaks takes its host along, in order.
///
/// Which plugin it was can't be told: all of them take from one heap.
enum ResidentMemory {
    private static let pause: Duration = .seconds(2)

    /// Nil where /proc can't be read.
    static var bytes: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * Int(getpagesize()) }
    }

    /// For `/metrics`, under the name that client libraries of Prometheus use.
    static var exposition: String {
        guard let bytes else { return "" }
        return "# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes \(bytes)\n"
    }

    /// Looks now and then until the task is cancelled, and has a host replaced that is beyond the bound.
    static func keep(below max: Int?, _ recycling: Recycling) async {
        guard let max else { return }
        while !Task.isCancelled {
            if let bytes, bytes > max { recycling.grown(bytes: bytes, max: max) }
            try? await Task.sleep(for: pause)
        }
    }
}
