import CLinux

/// Threads of this process that are neither the runtime's nor an event loop's: work that may block or never end.
enum OwnThread {
    /// Carries a body through C.
    private final class Start: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Starts a thread with an alternate stack, so that a full stack can be told of; it ends with its body.
    static func start(named name: String, _ body: @escaping @Sendable () -> Void) {
        let context = unsafe Unmanaged.passRetained(Start(body)).toOpaque()
        // Sound: the reference made above is taken over by the thread, once; the name is copied.
        let failure = unsafe thorbis_crash_thread(
            { context in
                guard let context = unsafe context else { return }
                unsafe Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body()
            }, context, name)
        // The process is at a limit of the machine and can do none of its work.
        precondition(failure == 0, "no thread can be made: error \(failure)")
    }
}
