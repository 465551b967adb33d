import CLibPQ

/// What it takes to cancel on a connection, apart from the connection.
///
/// `@unchecked Sendable`: libpq makes this structure so that another thread can use it.
@safe final class CancelTicket: @unchecked Sendable {
    private let pointer: OpaquePointer

    init(pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
    }

    deinit {
        unsafe PQfreeCancel(pointer)
    }

    /// Whether it worked shows in the unit's answer, or in the stall limit.
    func send() {
        var message = [CChar](repeating: 0, count: 256)
        _ = unsafe PQcancel(pointer, &message, Int32(message.count))
    }
}
