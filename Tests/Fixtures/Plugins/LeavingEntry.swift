import Glibc

/// Fault: ends the process as if all were well.
@c(thorbis_plugin_entry_v1)
public func entry() -> UnsafeMutableRawPointer? {
    exit(0)
}
