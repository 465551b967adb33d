import CLibPQ

extension DatabaseError {
    /// Reads an error result.
    init(result: OpaquePointer) {
        // Sound throughout: libpq's strings are copied at once, and the caller keeps the result alive.
        let field = { (code: Int32) in unsafe PQresultErrorField(result, code).map { unsafe String(cString: $0) } }
        let sqlState = field(Int32(UInt8(ascii: "C")))
        let message = unsafe field(Int32(UInt8(ascii: "M"))) ?? String(cString: PQresultErrorMessage(result))
        let detail = field(Int32(UInt8(ascii: "D"))).map { " (\($0))" } ?? ""
        self.init(Self.code(for: sqlState, severity: field(Int32(UInt8(ascii: "V")))), detail: message + detail)
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

    /// A FATAL or PANIC ends the connection; one without a state is libpq's own, which found it broken.
    private static func code(for sqlState: String?, severity: String?) -> Code {
        if sqlState == nil || severity == "FATAL" || severity == "PANIC" { return .unavailable }
        return sqlState == "57014" ? .deadlineExceeded : .refused
    }

    /// A prepared statement that the server can't run any more, since a table changed or it was deallocated.
    var isStalePlan: Bool { sqlState == "0A000" || sqlState == "26000" }
}
