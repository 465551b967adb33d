/// SQL text in which quoted identifiers are renamed; string literals stay as they are.
enum IdentifierText {
    /// Renames columns: `"old"`, but not the table of `"schema"."old"`.
    static func renaming(_ text: String, column old: String, to new: String) -> String {
        pieces(text).map { piece in
            piece.isIdentifier && !piece.followsSchema && piece.text == SQLName.quoted(old)
                ? SQLName.quoted(new) : piece.text
        }.joined()
    }

    /// Whether the text names a column.
    static func mentions(_ text: String, column: String) -> Bool {
        pieces(text).contains { $0.isIdentifier && !$0.followsSchema && $0.text == SQLName.quoted(column) }
    }

    /// Renames a table: the second part of `"schema"."old"`.
    static func renaming(_ text: String, table old: String, to new: String) -> String {
        pieces(text).map { piece in
            piece.isIdentifier && piece.followsSchema && piece.text == SQLName.quoted(old)
                ? SQLName.quoted(new) : piece.text
        }.joined()
    }

    private struct Piece {
        var text: String
        var isIdentifier: Bool
        var followsSchema: Bool
    }

    /// Cuts the text into quoted identifiers, literals and what is between them.
    ///
    /// By scalars: a quote and a combining mark after it are one `Character`, which ends nothing in SQL.
    private static func pieces(_ text: String) -> [Piece] {
        var pieces: [Piece] = []
        var between = String.UnicodeScalarView()
        var rest = Substring(text).unicodeScalars
        while let first = rest.first {
            guard first == "\"" || first == "'" else {
                between.append(rest.removeFirst())
                continue
            }
            let end = rest.dropFirst().firstIndex(of: first).map { rest.index(after: $0) } ?? rest.endIndex
            let followsSchema = String(between) == "." && pieces.last?.isIdentifier == true
            pieces.append(Piece(text: String(between), isIdentifier: false, followsSchema: false))
            pieces.append(
                Piece(text: String(rest[..<end]), isIdentifier: first == "\"", followsSchema: followsSchema))
            between = String.UnicodeScalarView()
            rest = rest[end...]
        }
        return pieces + [Piece(text: String(between), isIdentifier: false, followsSchema: false)]
    }
}
