import Foundation
import Testing

/// House rules that the compiler can't hold; each failure says where.
struct TidyTests {
    @Test func `no file is longer than 400 lines`() throws {
        for file in try SourceTree.files(below: SourceTree.product + ["Tests"]) where !file.isGenerated {
            #expect(file.lines.count <= 400, "\(file.path) has \(file.lines.count) lines: split it by idea")
        }
    }

    @Test func `no line is longer than 120 columns`() throws {
        for file in try SourceTree.files(below: SourceTree.product) where !file.isGenerated {
            for (index, line) in file.lines.enumerated() where line.count > 120 && !line.contains("\"\"\"") {
                Issue.record("\(file.path):\(index + 1) has \(line.count) columns")
            }
        }
    }

    /// Names whose calls are refused in the product, and why.
    static let banned = [
        ("dlclose(", "unmapped Swift code makes the next cast crash"),
        ("RTLD_GLOBAL", "plugins must not see each other's symbols"),
        ("fatalError(", "input never ends the process; a programmer's error is a precondition"),
        ("try!", "throw or handle"),
        ("SET SESSION", "only set_config(…, true) inside a transaction may set anything"),
        ("TODO", "open an issue"),
        ("FIXME", "open an issue"),
    ]

    @Test(arguments: banned) func `a banned word is nowhere`(word: String, reason: String) throws {
        for file in try SourceTree.files(below: SourceTree.product) {
            for (index, line) in file.lines.enumerated() where line.contains(word) {
                let isComment = line.drop { $0 == " " }.hasPrefix("//")
                if !isComment { Issue.record("\(file.path):\(index + 1) has \(word): \(reason)") }
            }
        }
    }

    @Test func `only the loader calls dlopen`() throws {
        for file in try SourceTree.files(below: SourceTree.product) where file.text.contains("dlopen(") {
            let calls = file.lines.filter { $0.contains("dlopen(") && !$0.drop { $0 == " " }.hasPrefix("//") }
            #expect(calls.isEmpty || file.path.hasPrefix("Host/Plugins/"), "\(file.path) calls dlopen")
        }
    }

    @Test func `every unchecked Sendable has a proof next to it`() throws {
        for file in try SourceTree.files(below: SourceTree.product) {
            let lines = file.lines
            for (index, line) in lines.enumerated()
            where line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") {
                if line.drop(while: { $0 == " " }).hasPrefix("//") { continue }
                let before = lines[max(0, index - 12)..<index].joined(separator: "\n")
                #expect(
                    before.contains("Sound") || before.contains("`@unchecked Sendable`:"),
                    "\(file.path):\(index + 1) needs the reason why it is sound")
            }
        }
    }
}
