import Synchronization

/// Holds one task up until it is opened; for good once it is.
final class Gate: Sendable {
    private let opened = Atomic(false)
    private let openings: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() {
        (openings, continuation) = AsyncStream.makeStream(of: Never.self)
    }

    func open() {
        opened.store(true, ordering: .relaxed)
        continuation.finish()
    }

    var isOpen: Bool { opened.load(ordering: .relaxed) }

    func wait() async { for await _ in openings {} }
}
