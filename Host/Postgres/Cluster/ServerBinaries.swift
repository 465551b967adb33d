import Glibc

/// Where `initdb` and `postgres` are.
struct ServerBinaries {
    private static let versionsFolder = "/usr/lib/postgresql"
    private static let otherFolders = ["/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin"]

    let initdb: String
    let postgres: String

    /// Looks in `preferred`, then where Debian puts its versions (newest first), then in the usual places.
    static func find(preferred: [String]) throws(PrivateClusterError) -> ServerBinaries {
        let folders = preferred + versionFolders() + otherFolders
        for folder in folders {
            let binaries = ServerBinaries(initdb: "\(folder)/initdb", postgres: "\(folder)/postgres")
            if isThere(binaries.initdb, X_OK) && isThere(binaries.postgres, X_OK) { return binaries }
        }
        throw PrivateClusterError(
            .binariesMissing,
            detail: "no initdb and postgres in \(folders.joined(separator: ", ")): install postgresql")
    }

    private static func versionFolders() -> [String] {
        (10...40).reversed().map { "\(versionsFolder)/\($0)/bin" }.filter { isThere($0, F_OK) }
    }

    private static func isThere(_ path: String, _ mode: CInt) -> Bool {
        // Sound: C borrows the string for the time of the call.
        unsafe access(path, mode) == 0
    }
}
