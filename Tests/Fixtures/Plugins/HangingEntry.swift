/// Fault: never says what it is.
@c(thorbis_plugin_entry_v1)
public func entry() -> UnsafeMutableRawPointer? {
    var turns: UInt64 = 0
    while turns < .max { turns &+= turns & 1 }
    return nil
}
