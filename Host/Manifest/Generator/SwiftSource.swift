/// Swift text in the making: lines with their indentation.
struct SwiftSource {
    private(set) var lines: [String] = []
    private var depth = 0

    /// Adds a line; an empty one gets no indentation. Two empty lines never follow each other.
    mutating func line(_ text: String = "") {
        if text.isEmpty {
            if let last = lines.last, !last.isEmpty, !last.hasSuffix("{") { lines.append("") }
        } else {
            lines.append(String(repeating: "    ", count: depth) + text)
        }
    }

    /// Adds `head {`, what `body` adds, and `}`.
    mutating func block(_ head: String, _ body: (inout SwiftSource) -> Void) {
        line(head + " {")
        indented(body)
        while lines.last == "" { lines.removeLast() }
        line("}")
    }

    mutating func indented(_ body: (inout SwiftSource) -> Void) {
        depth += 1
        body(&self)
        depth -= 1
    }

    /// Adds a call or declaration: on one line when it fits into 120 columns, else one part on each.
    mutating func list(_ head: String, _ parts: [String], _ tail: String) {
        let whole = head + parts.joined(separator: ", ") + tail
        guard depth * 4 + whole.count > 120 else { return line(whole) }
        line(head)
        indented { inner in
            for (index, part) in parts.enumerated() {
                inner.line(part + (index == parts.count - 1 ? "" : ","))
            }
        }
        line(tail)
    }

    /// Adds a dictionary literal, one member on each line.
    mutating func dictionary(_ members: [String]) {
        if members.isEmpty { return line("[:]") }
        line("[")
        indented { inner in
            for member in members { inner.line(member + ",") }
        }
        line("]")
    }

    var text: String { lines.joined(separator: "\n") + "\n" }
}
