import CLinux
import PluginAPI

extension HostContract {
    /// The contract of this process, with the signature of the compiler that made its libPluginAPI.so.
    ///
    /// - Throws: ``PluginRefusal`` when that library can't be read, as when PluginAPI was linked into the host.
    package static func ofThisProcess() throws(PluginRefusal) -> HostContract {
        current(compiledLike: try LibraryFile.read(try pluginAPIPath(), of: "host"))
    }

    /// Where the libPluginAPI.so of this process was loaded from.
    private static func pluginAPIPath() throws(PluginRefusal) -> String {
        // Sound: the address is that of a class's metadata; the call doesn't read it.
        let address = unsafe unsafeBitCast(PluginBox.self as AnyClass, to: UnsafeRawPointer.self)
        // Sound: the name belongs to a library that is never unloaded, and is copied at once.
        guard let path = unsafe thorbis_file_of_address(address).map({ unsafe String(cString: $0) }) else {
            throw PluginRefusal(.ownCopy, plugin: "host", "PluginAPI belongs to no library of this process.")
        }
        return path
    }
}
