import CLibPQ

extension DatabaseError {
    /// Reads an error result.
    init(result: OpaquePointer) {
        // Sound throughout: libpq's strings are copied at once, and the caller keeps the result alive.
        let field = { (code: Int32) in unsafe PQresultErrorField(result, code).map { unsafe String(cString: $0) } }
        let sqlState = field(Int32(UInt8(ascii: "C")))
        let message = unsafe field(Int32(UInt8(ascii: "M"))) ?? String(cString: PQresultErrorMessage(result))
        let detail = field(Int32(UInt8(ascii: "D"))).map { " (\($0))" } ?? ""
        self.init(Self.code(for: sqlState), detail: message + detail)
        self.sqlState = sqlState
        constraint = field(Int32(UInt8(ascii: "n")))
        schema = field(Int32(UInt8(ascii: "s")))
        table = field(Int32(UInt8(ascii: "t")))
        column = field(Int32(UInt8(ascii: "c")))
    }

    /// The connection's own last error.
    init(connection: OpaquePointer) {
        let message = unsafe String(cString: PQerrorMessage(connection))
        self.init(.unavailable, detail: String(message.split(separator: "\n").joined(separator: " ")))
    }

    /// PostgreSQL manual, appendix A. No state at all means that libpq made the error itself: the connection broke.
    private static func code(for sqlState: String?) -> Code {
        guard let sqlState else { return .unavailable }
        if sqlState == "57014" { return .deadlineExceeded }
        let isUnavailable = sqlState.hasPrefix("08") || sqlState.hasPrefix("57P") || sqlState == "53300"
        return isUnavailable ? .unavailable : .refused
    }

    /// A prepared statement that the server can't run any more, since a table changed or it was deallocated.
    var isStalePlan: Bool { sqlState == "0A000" || sqlState == "26000" }
}
