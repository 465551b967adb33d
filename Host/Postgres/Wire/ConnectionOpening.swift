import CLibPQ

/// A new connection on its way from the thread that made it to the loop that will own it.
///
/// `@unchecked Sendable`: handed over once; nobody touches the pointer on the way.
@safe struct OpenedConnection: @unchecked Sendable {
    let pointer: OpaquePointer
}

extension DatabaseConfiguration {
    /// Connects for units: in pipeline mode. Blocks as ``openPlain()``.
    func open() throws(DatabaseError) -> OpenedConnection {
        let opened = try openPlain()
        guard unsafe PQenterPipelineMode(opened.pointer) == 1 else {
            defer { unsafe PQfinish(opened.pointer) }
            throw unsafe DatabaseError(connection: opened.pointer)
        }
        return opened
    }

    /// Connects. Blocks, name resolution included, up to ``connectTimeout``: never on a loop.
    func openPlain() throws(DatabaseError) -> OpenedConnection {
        guard let pointer = unsafe connect() else {
            throw DatabaseError(.unavailable, detail: "libpq has no memory for a connection")
        }
        guard unsafe PQstatus(pointer) == CONNECTION_OK else {
            defer { unsafe PQfinish(pointer) }
            throw unsafe DatabaseError(connection: pointer)
        }
        // Notices would go to standard error.
        _ = unsafe PQsetNoticeProcessor(pointer, { _, _ in }, nil)
        guard unsafe PQsetnonblocking(pointer, 1) == 0 else {
            defer { unsafe PQfinish(pointer) }
            throw unsafe DatabaseError(connection: pointer)
        }
        return unsafe OpenedConnection(pointer: pointer)
    }

    private var keywords: [(String, String)] {
        let statementMilliseconds = statementTimeout.components.seconds * 1_000
        return [
            ("dbname", connectionString),
            ("fallback_application_name", applicationName),
            ("client_encoding", "UTF8"),
            ("connect_timeout", String(max(2, connectTimeout.components.seconds))),
            ("options", "-c TimeZone=UTC -c DateStyle=ISO -c statement_timeout=\(statementMilliseconds)"),
            // A peer that vanished without a word is noticed after about 25 seconds.
            ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
        ]
    }

    private func connect() -> OpaquePointer? {
        var text = ParameterText()
        var values = ParameterText()
        let pairs = keywords
        return unsafe text.lend(pairs.map(\.0) + [nil]) { names in
            unsafe values.lend(pairs.map(\.1) + [nil]) { contents in
                // 1: `dbname` is a connection string to expand. The arrays live as long as the call.
                unsafe PQconnectdbParams(names, contents, 1)
            }
        }
    }
}
