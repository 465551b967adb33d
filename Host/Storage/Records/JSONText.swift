import HostPostgres

/// JSON as PostgreSQL made it, passed through without being read.
///
/// Keeps the answer's memory alive instead of copying it; the one copy is the one into the response.
package struct JSONText: Sendable {
    private let rows: Rows
    private let row: Int
    private let column: Int

    init(_ rows: Rows, row: Int, column: Int) {
        self.rows = rows
        self.row = row
        self.column = column
    }

    /// Lends the UTF-8 bytes; none for NULL.
    package func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if let result = try rows.withBytes(row, column, body) { return result }
        return try body(RawSpan())
    }

    /// A copy of the UTF-8 bytes.
    package var bytes: [UInt8] { rows.bytes(row, column) ?? [] }

    /// A copy as a string.
    package var text: String { rows.text(row, column) ?? "" }
}
