import Logging

extension Logger {
    /// For parts that want a logger and whose events reach the operator as observations or errors anyway.
    static let silent = Logger(label: "thorbis.silent") { _ in SwiftLogNoOpLogHandler() }
}
