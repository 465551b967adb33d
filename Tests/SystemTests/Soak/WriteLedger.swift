/// What a server acknowledged of the writes of one client, to be compared with what is there in the end.
///
/// A write that was asked for and never answered may have been done or not; one that was answered must be there.
struct WriteLedger: Sendable {
    private struct Entry {
        var acknowledged: Int
        /// A change that is under way, or was never answered.
        var asked: Int?
    }

    private var entries: [String: Entry] = [:]

    var count: Int { entries.count }
    var ids: [String] { Array(entries.keys) }

    /// A new record was acknowledged with its version.
    mutating func created(_ id: String, version: Int) {
        entries[id] = Entry(acknowledged: version)
    }

    /// A change of a record is sent that makes it this version.
    mutating func asking(_ id: String, version: Int) {
        entries[id]?.asked = version
    }

    mutating func acknowledged(_ id: String, version: Int) {
        entries[id] = Entry(acknowledged: version)
    }

    /// What is wrong with a record that was found at a version, nil for one that wasn't found.
    func fault(of id: String, found version: Int?) -> String? {
        guard let entry = entries[id] else { return "\(id) was never made" }
        guard let version else { return "\(id) was acknowledged and is gone" }
        if version == entry.acknowledged || version == entry.asked { return nil }
        return "\(id) was acknowledged at version \(entry.acknowledged) and is at \(version)"
    }
}
