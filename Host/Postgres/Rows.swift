import CLibPQ

/// The answer to one statement. Keeps libpq's memory alive; nothing is copied until asked for.
package struct Rows: Sendable {
    private let result: Result

    /// Takes over a result: it is cleared when the last copy of these rows goes away.
    init(owning result: OpaquePointer) {
        self.result = unsafe Result(pointer: result)
    }

    /// Number of rows.
    package var count: Int { unsafe Int(PQntuples(result.pointer)) }

    package var columnCount: Int { unsafe Int(PQnfields(result.pointer)) }

    /// Rows written or returned, as the command tag says; 0 for statements that count nothing.
    package var affected: Int { unsafe Int(String(cString: PQcmdTuples(result.pointer))) ?? 0 }

    /// What was done, such as `INSERT 0 1`, `SELECT 3`, `COMMIT`.
    package var commandTag: String { unsafe String(cString: PQcmdStatus(result.pointer)) }

    package func isNull(_ row: Int, _ column: Int) -> Bool {
        check(row, column)
        return unsafe PQgetisnull(result.pointer, Int32(row), Int32(column)) == 1
    }

    /// The bytes of a value's text form; 0 for NULL.
    package func byteCount(_ row: Int, _ column: Int) -> Int {
        check(row, column)
        return unsafe Int(PQgetlength(result.pointer, Int32(row), Int32(column)))
    }

    /// A value in PostgreSQL's text form; nil for NULL.
    package func text(_ row: Int, _ column: Int) -> String? {
        withBytes(row, column) { span in
            unsafe span.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
        }
    }

    /// A copy of a value's text form; nil for NULL.
    package func bytes(_ row: Int, _ column: Int) -> [UInt8]? {
        withBytes(row, column) { span in
            unsafe span.withUnsafeBytes { unsafe [UInt8]($0) }
        }
    }

    /// Lends a value's text form without copying it: `buffer.writeBytes(span)`. Returns nil for NULL.
    package func withBytes<T, E: Error>(
        _ row: Int, _ column: Int, _ body: (RawSpan) throws(E) -> T
    ) throws(E) -> T? {
        guard !isNull(row, column) else { return nil }
        let length = unsafe Int(PQgetlength(result.pointer, Int32(row), Int32(column)))
        // Sound: libpq owns these bytes until PQclear, and `result` is alive to the end of this call.
        let buffer = unsafe UnsafeRawBufferPointer(
            start: PQgetvalue(result.pointer, Int32(row), Int32(column)), count: length)
        defer { withExtendedLifetime(result) {} }
        return try body(unsafe RawSpan(_unsafeBytes: buffer))
    }

    private func check(_ row: Int, _ column: Int) {
        precondition(row >= 0 && row < count && column >= 0 && column < columnCount, "no such row or column")
    }

    /// Owner of one `PGresult`.
    ///
    /// `@unchecked Sendable`: a PGresult is never changed after libpq hands it out, and libpq allows
    /// reading it from any thread; it is freed once, by the last owner.
    @safe private final class Result: @unchecked Sendable {
        let pointer: OpaquePointer

        init(pointer: OpaquePointer) {
            unsafe self.pointer = unsafe pointer
        }

        deinit {
            unsafe PQclear(pointer)
        }
    }
}
