import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// Ties a child's life to this process: the child's standard input is a pipe that ends when this process does.
///
/// Unlike a parent-death signal it doesn't depend on the thread that started the child, and it works through
/// `kill -9`. The child runs with `--until-input-ends`.
struct Lifeline {
    /// For the child; closed here once it is started.
    let childEnd: FileDescriptor
    private let ownEnd: FileDescriptor

    init() throws {
        let ends = try FileDescriptor.pipe()
        childEnd = ends.readEnd
        ownEnd = ends.writeEnd
        // Another child must not inherit it, or the pipe would outlive this process.
        _ = fcntl(ownEnd.rawValue, F_SETFD, FD_CLOEXEC)
    }

    /// Lets the child know that it is time to go; harmless when it has gone.
    func cut() {
        try? ownEnd.close()
    }
}
