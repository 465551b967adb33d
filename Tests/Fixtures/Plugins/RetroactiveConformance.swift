/// Fault: holds for the whole process, the host and every other plugin.
extension Int: @retroactive Error {}
