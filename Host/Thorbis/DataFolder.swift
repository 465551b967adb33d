import Foundation

/// The private files of one installation: keys, demo sign-ins, the private cluster.
///
/// Others may pass through it (PostgreSQL's user has to when we are root), but read none of its files.
struct DataFolder: Sendable {
    let url: URL

    /// Opens the folder, making it when it isn't there, with mode 0711.
    init(_ url: URL) throws {
        self.url = url
        do {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        } catch {
            throw CommandFailure.environment(
                "the data folder \(url.path()) can't be made (\(error.localizedDescription)). "
                    + "Set THORBIS_DATA to a folder that this user may write.")
        }
    }

    /// The bytes of a file; nil when it isn't there.
    func read(_ name: String) throws -> [UInt8]? {
        let file = url.appending(path: name)
        guard FileManager.default.fileExists(atPath: file.path()) else { return nil }
        return Array(try Data(contentsOf: file))
    }

    /// The names of its files.
    func names() -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path())) ?? [] }

    /// Writes a file of mode 0600, whole or not at all.
    func write(_ bytes: [UInt8], to name: String) throws {
        let file = url.appending(path: name)
        let draft = try draft(of: name, bytes)
        // Sound: C borrows both strings for the time of the call.
        guard unsafe rename(draft.path(), file.path()) == 0 else { throw unwritable(file) }
    }

    /// The bytes of a file that is made when it isn't there.
    ///
    /// Several processes may do so at once: all get what one of them wrote.
    func kept(_ name: String, make: () -> [UInt8]) throws -> [UInt8] {
        if let bytes = try read(name) { return bytes }
        let file = url.appending(path: name)
        let draft = try draft(of: name, make())
        defer { try? FileManager.default.removeItem(at: draft) }
        // Unlike a rename, a link never takes the place of a file. Sound: C borrows both strings for the call.
        guard unsafe link(draft.path(), file.path()) == 0 || errno == EEXIST, let bytes = try read(name) else {
            throw unwritable(file)
        }
        return bytes
    }

    /// A secret of 32 bytes that is made at first use.
    func secret(_ name: String) throws -> [UInt8] {
        try kept(name) { (0..<32).map { _ in UInt8.random(in: .min ... .max) } }
    }

    private func draft(of name: String, _ bytes: [UInt8]) throws -> URL {
        let draft = url.appending(path: ".\(name).\(UUID().uuidString)")
        let isWritten = FileManager.default.createFile(
            atPath: draft.path(), contents: Data(bytes), attributes: [.posixPermissions: 0o600])
        guard isWritten else { throw unwritable(url.appending(path: name)) }
        return draft
    }

    private func unwritable(_ file: URL) -> CommandFailure {
        .environment("the file \(file.path()) can't be written.")
    }
}
