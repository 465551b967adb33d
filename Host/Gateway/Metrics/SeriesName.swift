/// A metric's name and labels in Prometheus's form: `thorbis_http_requests_total{method="GET",route="/healthz"}`.
struct SeriesName: Hashable, Comparable, Sendable {
    let name: String
    /// `method="GET",route="/healthz"`, without braces; empty for none.
    let labels: String

    init(_ label: String, _ dimensions: [(String, String)]) {
        name = Self.identifier(label)
        labels = dimensions.map { "\(Self.identifier($0.0))=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
    }

    static func < (left: SeriesName, right: SeriesName) -> Bool {
        (left.name, left.labels) < (right.name, right.labels)
    }

    /// The name with a suffix and one more label, as histograms need.
    func line(suffix: String = "", label: String = "") -> String {
        let all = [labels, label].filter { !$0.isEmpty }.joined(separator: ",")
        return all.isEmpty ? name + suffix : "\(name)\(suffix){\(all)}"
    }

    /// What isn't a letter, a digit or `_` becomes `_`.
    private static func identifier(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "_" ? $0 : "_" })
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
