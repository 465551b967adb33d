import Synchronization

/// Room for large bodies, over all connections: together they can't fill the memory, whoever sends them.
final class BodyRoom: Sendable {
    private let left: Mutex<Int>

    init(bytesMax: Int) {
        left = Mutex(bytesMax)
    }

    /// Room for a body until the reservation goes away; nil when there is none.
    func reserve(_ bytes: Int) -> BodyReservation? {
        let isThere = left.withLock { left in
            guard left >= bytes else { return false }
            left -= bytes
            return true
        }
        return isThere ? BodyReservation(room: self, bytes: bytes) : nil
    }

    fileprivate func release(_ bytes: Int) { left.withLock { $0 += bytes } }
}

/// A part of the room; given back when the last reference goes away.
final class BodyReservation: Sendable {
    private let room: BodyRoom
    private let bytes: Int

    fileprivate init(room: BodyRoom, bytes: Int) {
        self.room = room
        self.bytes = bytes
    }

    deinit { room.release(bytes) }
}
