import Foundation
import HostModel
import HostStorage

/// The master keys in the data folder: `master-key-1`, `master-key-2`, …, 32 bytes each, mode 0600.
///
/// The highest number is the newest. Older ones stay until no business's key is wrapped by them any more.
struct MasterKeyFiles: MasterKeySource {
    let data: DataFolder

    private static let prefix = "master-key-"

    /// Makes the first key when there is none; to be called before anything needs one.
    func prepare() throws {
        if ids().isEmpty { try make(1) }
    }

    /// Makes the next key, which wraps from now on, and gives its number.
    func makeNext() throws -> Int {
        let next = (ids().max() ?? 0) + 1
        try make(next)
        return next
    }

    func current() throws(Problem) -> MasterKey {
        guard let id = ids().max(), let key = try key(id) else { throw .noMasterKey }
        return key
    }

    func key(_ id: Int) throws(Problem) -> MasterKey? {
        let bytes: [UInt8]?
        do {
            bytes = try data.read(Self.prefix + "\(id)")
        } catch {
            // What the file system says is of no use to the caller; the operator finds the file by its name.
            throw .noMasterKey
        }
        guard let bytes else { return nil }
        guard bytes.count == 32 else { throw .noMasterKey }
        return MasterKey(id: id, bytes: bytes)
    }

    private func make(_ id: Int) throws { _ = try data.secret(Self.prefix + "\(id)") }

    private func ids() -> [Int] {
        data.names().compactMap { $0.hasPrefix(Self.prefix) ? Int($0.dropFirst(Self.prefix.count)) : nil }
    }
}
