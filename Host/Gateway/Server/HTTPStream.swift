package import NIOCore

/// The body of an answer that is made while it is sent: as much is in memory as one piece and the socket's buffer.
package struct HTTPStream: Sendable {
    /// How many bytes come in all; nil when that isn't known before. Without it the answer goes out in chunks.
    package let length: Int?
    /// How long all of it may take from its first byte on; then the connection is cut.
    package let deadline: Duration
    /// Writes the body piece by piece, in the request's task.
    ///
    /// A problem that is thrown before the first piece is the answer. Later ones cut the connection before the end of
    /// the body, which is how a client knows that something is missing.
    package let write: @Sendable (HTTPStreamWriter) async throws -> Void

    package init(
        length: Int? = nil, deadline: Duration, write: @escaping @Sendable (HTTPStreamWriter) async throws -> Void
    ) {
        self.length = length
        self.deadline = deadline
        self.write = write
    }

    /// Writes all of it; gives the error that it ended in.
    func failure(of writer: HTTPStreamWriter) async -> (any Error)? {
        do {
            try await write(writer)
            return nil
        } catch {
            return error
        }
    }
}

/// Takes the pieces of one streamed answer; used by one task at a time.
package struct HTTPStreamWriter: Sendable {
    private let send: @Sendable (ByteBuffer, CheckedContinuation<Void, any Error>) -> Void

    init(_ send: @escaping @Sendable (ByteBuffer, CheckedContinuation<Void, any Error>) -> Void) {
        self.send = send
    }

    /// Sends a piece and returns when there is room for another one, which a client that doesn't read decides.
    ///
    /// Pieces of 16 to 256 KiB suit it. An empty one sends nothing.
    ///
    /// - Throws: ``HTTPStreamEnded`` when nobody waits for the answer any more; `CancellationError`.
    package func write(_ piece: ByteBuffer) async throws {
        try Task.checkCancellation()
        try await withCheckedThrowingContinuation { send(piece, $0) }
    }
}

/// The client has left, was too slow, or the answer took too long: there is nobody to write for.
package struct HTTPStreamEnded: Error {
    package init() {}
}
