import NIOCore

extension EventLoop {
    /// Runs the body now when this is its thread, else soon.
    func here(_ body: @escaping @Sendable () -> Void) {
        if inEventLoop { body() } else { execute(body) }
    }
}
