import CLinux
import Glibc

/// `posix_spawn` with exactly the descriptors that are given.
enum Spawn {
    /// - Returns: The process id, or -1 with `errno` set.
    static func start(
        _ path: String, _ arguments: [String], _ environment: [String], descriptors: [Int32]
    ) -> Int32 {
        unsafe withCStrings(arguments) { arguments in
            unsafe withCStrings(environment) { environment in
                unsafe path.withCString { path in
                    unsafe descriptors.withUnsafeBufferPointer { descriptors in
                        var order = unsafe thorbis_spawn(
                            path: path, arguments: arguments, environment: environment,
                            descriptors: descriptors.baseAddress, descriptor_count: Int32(descriptors.count))
                        // Sound: all pointers live in the enclosing closures, and the call returns after the exec.
                        return unsafe thorbis_spawn_start(&order)
                    }
                }
            }
        }
    }

    /// Lends the strings as C wants them, with NULL behind the last.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
    ) -> Result {
        let copies = unsafe strings.map { unsafe strdup($0) }
        defer { unsafe copies.forEach { unsafe free($0) } }
        let pointers = unsafe copies.map { unsafe UnsafePointer<CChar>($0) } + [nil]
        // Sound: the copies are freed after the body.
        return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
    }
}
