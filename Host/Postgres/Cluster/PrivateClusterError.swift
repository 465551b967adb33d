/// Why a private cluster couldn't be made or started.
package struct PrivateClusterError: Error, Sendable, CustomStringConvertible {
    package struct Code: Hashable, Sendable {
        let name: String

        /// No `initdb` and `postgres` were found.
        package static let binariesMissing = Code(name: "binaries_missing")
        /// The folder can't be made, or the server's user can't reach it.
        package static let folderUnusable = Code(name: "folder_unusable")
        /// We are root and there is no unprivileged user to run the server as.
        package static let userMissing = Code(name: "user_missing")
        /// Another process serves this folder.
        package static let alreadyRunning = Code(name: "already_running")
        /// `initdb` or `postgres` failed; `detail` has the end of its output.
        package static let failed = Code(name: "failed")
    }

    package let code: Code
    package let detail: String

    package var description: String { "\(code.name): \(detail)" }

    init(_ code: Code, detail: String) {
        self.code = code
        self.detail = detail
    }
}
