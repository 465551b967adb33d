import Glibc

/// The operating system's user that the server runs as.
struct ServerAccount {
    /// Tried in this order when we are root.
    private static let unprivileged = ["postgres", "nobody"]

    let user: uid_t
    let group: gid_t
    /// False when it is the user we are.
    let isAnother: Bool

    /// Ourselves, or an unprivileged user when we are root, since PostgreSQL refuses root.
    static func choose() throws(PrivateClusterError) -> ServerAccount {
        guard geteuid() == 0 else { return ServerAccount(user: geteuid(), group: getegid(), isAnother: false) }
        for name in unprivileged {
            // Sound: the entry is read at once; glibc keeps it until the next call on any thread, and a torn
            // read could only come from another look-up at this very moment, at start-up.
            guard let entry = unsafe getpwnam(name) else { continue }
            return unsafe ServerAccount(user: entry.pointee.pw_uid, group: entry.pointee.pw_gid, isAnother: true)
        }
        throw PrivateClusterError(.userMissing, detail: "PostgreSQL refuses root: add a user named postgres")
    }

    /// Makes the folder and everything above it, and gives the folder itself to this user alone.
    func makeFolder(_ path: String) throws(PrivateClusterError) {
        // Sound throughout: C borrows the strings for the time of the call.
        for end in path.indices.dropFirst() where path[end] == "/" { unsafe mkdir(String(path[..<end]), 0o755) }
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw PrivateClusterError(.folderUnusable, detail: "\(path): can't be made, errno \(errno)")
        }
        guard unsafe chown(path, user, group) == 0, unsafe chmod(path, 0o700) == 0 else {
            throw PrivateClusterError(.folderUnusable, detail: "\(path): can't be given to user \(user)")
        }
    }

    /// The first folder on the way to `path` that this user can't pass.
    func obstacle(on path: String) -> String? {
        guard isAnother else { return nil }
        return path.indices.dropFirst().filter { path[$0] == "/" }.map { String(path[..<$0]) }.first { folder in
            var status = stat()
            // Sound: the C call writes into a local that outlives it.
            guard unsafe stat(folder, &status) == 0 else { return true }
            let isOurs = status.st_uid == user && status.st_mode & 0o100 != 0
            return !isOurs && status.st_mode & 0o001 == 0
        }
    }
}
