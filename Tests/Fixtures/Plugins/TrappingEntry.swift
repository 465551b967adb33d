/// Fault: ends the process that calls the entry.
@c(thorbis_plugin_entry_v1)
public func entry() -> UnsafeMutableRawPointer? {
    let nothing: [Int] = []
    return nothing[nothing.count] == 0 ? nil : nil
}
