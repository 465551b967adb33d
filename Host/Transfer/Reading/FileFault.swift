/// Why a file can't be read at all: no row of it is taken.
package struct FileFault: Error, Hashable, Sendable {
    /// A stable word, such as `encoding`; one of the constants below.
    package let code: String
    /// Where, what was expected and what to do.
    package let detail: String
    /// The line, from 1; nil when the fault is one of bytes.
    package var line: Int?
    /// The byte, from 0.
    package var offset: Int?

    package init(_ code: String, _ detail: String, line: Int? = nil, offset: Int? = nil) {
        self.code = code
        self.detail = detail
        self.line = line
        self.offset = offset
    }

    /// It isn't UTF-8.
    package static let encoding = "encoding"
    /// A quote is never closed.
    package static let unterminatedQuote = "unterminated_quote"
    /// There is no header, or one that names no columns.
    package static let header = "header"
}

/// Why one row can't be read; the rows around it can.
package struct RowFlaw: Error, Hashable, Sendable {
    /// A stable word: `ragged_row`, `text_after_quote`, `value_too_long`, `row_too_long`, `too_many_columns`,
    /// `malformed_json`.
    package let code: String
    package let detail: String

    package init(_ code: String, _ detail: String) {
        self.code = code
        self.detail = detail
    }
}

/// How large the parts of a file may be, so that no file costs more memory than this.
package struct ReaderBounds: Hashable, Sendable {
    package var valueBytesMax = 1 << 20
    package var rowBytesMax = 4 << 20
    package var columnsMax = 1_000

    package init() {}
}
