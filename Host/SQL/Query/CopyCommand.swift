package import HostModel

/// A query whose rows come through COPY.
///
/// COPY takes no parameters, and values of requests never stand in SQL text: so each value becomes a setting of the
/// transaction, which the text of the query reads.
package struct CopyCommand: Hashable, Sendable {
    /// Makes the values known to the transaction; nil when there are none. Run before ``text``.
    package let setting: SQLCommand?
    /// `COPY (…) TO STDOUT …`
    package let text: String

    /// How rows become lines.
    package enum Format: Hashable, Sendable {
        /// The one column as it is: for JSON, whose texts have no control characters.
        case plain
        /// RFC 4180, but for the line ends.
        case csv

        fileprivate var options: String {
            switch self {
            // The quote and the delimiter never occur in JSON text, so nothing is ever quoted or escaped.
            case .plain: "FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01'"
            case .csv: "FORMAT csv"
            }
        }
    }

    /// - Parameter query: Its parameters are all cast where they stand: `$1::uuid`.
    package init(_ query: SQLCommand, _ format: Format) {
        let values = query.parameters.enumerated().filter { $0.element != nil }
        let settings = values.map { "set_config('\(Self.name(of: $0.offset))', $\(1 + $0.offset), true)" }
        // All parameters go along, so that the numbers stay; those that are NULL stand in the text.
        let unused = query.parameters.indices.filter { query.parameters[$0] == nil }.map { "$\($0 + 1)::text" }
        setting =
            values.isEmpty
            ? nil
            : SQLCommand(
                SQLStatement(name: nil, text: "SELECT " + (settings + unused).joined(separator: ", ")),
                query.parameters)
        text = "COPY (\(Self.text(of: query))) TO STDOUT WITH (\(format.options))"
    }

    private static func name(of index: Int) -> String { "thorbis.copy_\(index + 1)" }

    /// The query's text with settings in the place of parameters. Literals and quoted names are left alone.
    private static func text(of query: SQLCommand) -> String {
        var text = String.UnicodeScalarView()
        var quote: Unicode.Scalar?
        var rest = query.statement.text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if quote == nil, scalar == "$" {
                let digits = rest.prefix { ("0"..."9").contains($0) }
                rest = rest.dropFirst(digits.count)
                text.append(contentsOf: value(Int(String(String.UnicodeScalarView(digits))), query).unicodeScalars)
                continue
            }
            if scalar == quote { quote = nil } else if quote == nil, scalar == "'" || scalar == "\"" { quote = scalar }
            text.append(scalar)
        }
        return String(text)
    }

    private static func value(_ number: Int?, _ query: SQLCommand) -> String {
        guard let number, query.parameters.indices.contains(number - 1), query.parameters[number - 1] != nil else {
            return "NULL"
        }
        return "current_setting('\(name(of: number - 1))')"
    }
}
