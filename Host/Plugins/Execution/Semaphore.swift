import Glibc

/// A counter that threads wait for (sem_overview(7)).
///
/// `@unchecked Sendable`: the pointer never changes, and the kernel's own calls are what is done with it.
@safe final class Semaphore: @unchecked Sendable {
    private let handle = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() {
        // Sound: the memory is ours, and nobody has the object yet.
        unsafe sem_init(handle, 0, 0)
    }

    deinit {
        // Sound: who waits holds the object, so nobody waits any more.
        unsafe sem_destroy(handle)
        unsafe handle.deallocate()
    }

    func signal() {
        // Sound: the semaphore lives as long as this object.
        unsafe sem_post(handle)
    }

    /// Blocks the thread.
    func wait() {
        // Sound: as above. A signal handler may end the wait early.
        while unsafe sem_wait(handle) != 0 {}
    }
}
