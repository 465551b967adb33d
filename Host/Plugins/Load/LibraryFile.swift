import Glibc

/// Reads a library once; everything after works on these bytes.
enum LibraryFile {
    static let bytesMax = 256 << 20

    /// The bytes of a plain file. A symbolic link at the end of the path isn't followed.
    static func read(_ path: String, of plugin: String) throws(PluginRefusal) -> [UInt8] {
        // Sound: the path is copied for the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw missing(path, plugin, SystemCallError(call: "open")) }
        defer { close(descriptor) }
        var status = stat()
        // Sound: the call writes into a local that outlives it.
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw missing(path, plugin, SystemCallError(call: "fstat"))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw PluginRefusal(.missing, plugin: plugin, "\(path) is not a plain file.")
        }
        guard status.st_size <= bytesMax else {
            throw PluginRefusal(.tooLarge, plugin: plugin, "\(path) has \(status.st_size) bytes.")
        }
        do {
            return try read(descriptor, count: Int(status.st_size))
        } catch {
            throw missing(path, plugin, error)
        }
    }

    private static func missing(_ path: String, _ plugin: String, _ error: SystemCallError) -> PluginRefusal {
        PluginRefusal(.missing, plugin: plugin, "The library \(path) can't be read (\(error)).")
    }

    private static func read(_ descriptor: Int32, count: Int) throws(SystemCallError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            // Sound: the region given lies within the array, which stays in place for the call.
            let read = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled)
            }
            if read < 0, errno == EINTR { continue }
            guard read >= 0 else { throw SystemCallError(call: "read") }
            // The file got shorter; the reader of the ELF headers will see what is missing.
            if read == 0 { return Array(bytes[..<filled]) }
            filled += read
        }
        return bytes
    }
}
