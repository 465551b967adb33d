/// Fault: an entry that gives nothing.
@c(thorbis_plugin_entry_v1)
public func entry() -> UnsafeMutableRawPointer? {
    nil
}
