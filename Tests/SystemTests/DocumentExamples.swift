import Foundation
import HostModel
import Testing

/// The examples of a document that run: a fenced block `request`, and after it a block `answer`.
///
/// `docs/API.md` says at its end how they are written.
struct DocumentExamples {
    struct Example: Sendable {
        let line: Int
        let request: [Substring]
        let answer: [Substring]
    }

    /// In the order of the document.
    let examples: [Example]

    init(_ file: URL) throws {
        let lines = try String(contentsOf: file, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        var examples: [Example] = []
        var request: (line: Int, lines: [Substring])?
        var index = 0
        while index < lines.count {
            let info = lines[index]
            guard info == "```request" || info == "```answer" else {
                index += 1
                continue
            }
            let end = try #require(lines[(index + 1)...].firstIndex(of: "```"), "line \(index + 1) opens a block")
            let block = Array(lines[(index + 1)..<end])
            if info == "```request" {
                #expect(request == nil, "line \(index + 1): the request before has no answer")
                request = (index + 1, block)
            } else {
                let asked = try #require(request, "line \(index + 1): an answer without a request")
                examples.append(Example(line: asked.line, request: asked.lines, answer: block))
                request = nil
            }
            index = end + 1
        }
        #expect(request == nil, "the last request has no answer")
        self.examples = examples
    }
}

/// Sends examples one after the other, and remembers what answers gave names to.
struct ExampleRun {
    let firm: Firm
    private var named: [String: JSONValue] = [:]

    init(_ firm: Firm) {
        self.firm = firm
    }

    /// Sends one example and compares the answer.
    mutating func play(_ example: DocumentExamples.Example) async throws {
        let (head, body) = Self.parts(example.request.map { filled(String($0)) })
        let start = try #require(head.first).split(separator: " ", maxSplits: 1).map(String.init)
        let fields = Self.fields(head.dropFirst())
        let answer = try await firm.client.send(
            start[0], start[1], body: body.isEmpty ? nil : Array(body.utf8), headers: fields)
        try compare(answer, example)
    }

    private mutating func compare(_ answer: Answer, _ example: DocumentExamples.Example) throws {
        let (head, body) = Self.parts(example.answer.map(String.init))
        let place = "docs/API.md:\(example.line)"
        #expect(head.first.flatMap { Int($0) } == answer.status, "\(place): \(answer.status) \(answer.text)")
        if !body.isEmpty {
            let expected = try JSONParser.parse(Array(body.utf8))
            if let fault = fault(expected, answer.json, at: "") { Issue.record("\(place): \(fault)\n\(answer.text)") }
        }
        // After the body, since that is where names are given.
        for (name, value) in Self.fields(head.dropFirst()) {
            let given = answer.header(name).map { JSONValue.string($0) }
            if let fault = fault(.string(filled(value)), given, at: name) { Issue.record("\(place): \(fault)") }
        }
    }

    /// Nil when the value is the one expected, which may leave members out.
    private mutating func fault(_ expected: JSONValue, _ given: JSONValue?, at path: String) -> String? {
        guard let given else { return "\(path) is not there" }
        switch expected {
        case .string("…"): return nil
        case .string(let text) where text.hasPrefix("<") && text.hasSuffix(">"):
            if let known = named[text] { return known == given ? nil : "\(path) is not \(text)" }
            named[text] = given
            return nil
        case .object(let object):
            for (name, value) in object.members {
                if let fault = fault(value, given[name], at: "\(path)/\(name)") { return fault }
            }
            return nil
        case .array(let elements):
            let isOpen = elements.last == "…"
            let shown = isOpen ? elements.dropLast() : elements[...]
            let count = given.array?.count ?? -1
            guard isOpen ? count >= shown.count : count == shown.count else { return "\(path) has \(count) elements" }
            for (index, element) in shown.enumerated() {
                if let fault = fault(element, given[index], at: "\(path)/\(index)") { return fault }
            }
            return nil
        default:
            return expected == given ? nil : "\(path) is \(given.text) and not \(expected.text)"
        }
    }

    /// The text with every `<name>` replaced by what an answer before had in that place.
    private func filled(_ text: String) -> String {
        named.reduce(text) { $0.replacing($1.key, with: $1.value.string ?? $1.value.text) }
    }

    /// The lines up to the first empty one, and the text after it.
    private static func parts(_ lines: [String]) -> (head: [String], body: String) {
        let empty = lines.firstIndex(of: "") ?? lines.endIndex
        return (
            Array(lines[..<empty]), lines[empty...].joined(separator: "\n").trimmingPrefix { $0 == "\n" }.description
        )
    }

    private static func fields(_ lines: some Sequence<String>) -> [String: String] {
        var fields: [String: String] = [:]
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            fields[String(parts[0])] = parts[1].drop { $0 == " " }.description
        }
        return fields
    }
}
