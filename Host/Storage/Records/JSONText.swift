import HostModel
import HostPostgres
import HostSQL

/// JSON as PostgreSQL made it, passed through without being read.
///
/// Keeps the answer's memory alive instead of copying it; the one copy is the one into the response. Only where the
/// caller doesn't see all of it has it bytes of its own.
package struct JSONText: Sendable {
    private enum Source: Sendable {
        case answer(Rows, row: Int, column: Int)
        case own([UInt8])
    }

    private let source: Source

    init(_ rows: Rows, row: Int, column: Int) {
        source = .answer(rows, row: row, column: column)
    }

    private init(_ bytes: [UInt8]) {
        source = .own(bytes)
    }

    /// Lends the UTF-8 bytes; none for NULL.
    package func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        switch source {
        case .answer(let rows, let row, let column):
            if let result = try rows.withBytes(row, column, body) { return result }
            return try body(RawSpan())
        // Sound: bytes have no padding that a raw view could show.
        case .own(let bytes): return try body(unsafe bytes.span.bytes)
        }
    }

    /// A copy of the UTF-8 bytes.
    package var bytes: [UInt8] {
        switch source {
        case .answer(let rows, let row, let column): rows.bytes(row, column) ?? []
        case .own(let bytes): bytes
        }
    }

    /// A copy as a string.
    package var text: String {
        switch source {
        case .answer(let rows, let row, let column): rows.text(row, column) ?? ""
        case .own(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The same without what a change of it hides; the bytes as they are when it changes nothing.
    ///
    /// - Throws: `internal_error` for JSON that can't be read: what can't be looked at isn't shown.
    func rewritten(_ change: (JSONValue) -> JSONValue) throws(Problem) -> JSONText {
        guard let json = try? JSONParser.parse(bytes) else { throw .failed }
        let changed = change(json)
        return changed == json ? self : JSONText(changed.utf8)
    }

    /// A record as the scope's caller sees it; untouched where nothing of it may be hidden.
    func veiled(_ plan: EntityPlan, in scope: TenantScope) throws(Problem) -> JSONText {
        guard plan.isBehind(scope.veil) else { return self }
        return try rewritten { plan.veiled($0, by: scope.veil) }
    }
}
