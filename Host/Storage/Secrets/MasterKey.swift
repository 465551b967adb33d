package import HostModel

/// A key of the installation that wraps the keys of its businesses. Never in the database.
package struct MasterKey: Sendable {
    /// 1, 2, 3, …: the name that wrapped keys carry, so that an older one can still be found after a rotation.
    package let id: Int
    /// 32 bytes.
    package let bytes: [UInt8]

    package init(id: Int, bytes: [UInt8]) {
        precondition(bytes.count == 32, "a master key has 32 bytes")
        self.id = id
        self.bytes = bytes
    }
}

/// Where the master keys of an installation are kept.
///
/// Asked once for each business whose key isn't in memory, so a source may read files; any thread may ask.
package protocol MasterKeySource: Sendable {
    /// The newest key, which wraps new keys.
    ///
    /// - Throws: `unavailable`.
    func current() throws(Problem) -> MasterKey
    /// An older or the newest key; nil for one that isn't there any more.
    func key(_ id: Int) throws(Problem) -> MasterKey?
}

/// For an installation without sensitive fields: whoever needs a key is refused.
package struct NoMasterKeys: MasterKeySource {
    package init() {}
    package func current() throws(Problem) -> MasterKey { throw .noMasterKey }
    package func key(_ id: Int) throws(Problem) -> MasterKey? { nil }
}

extension Problem {
    package static let noMasterKey = Problem(
        .unavailable, "The installation's master key can't be read, so sensitive values can be neither kept nor shown.")
}
