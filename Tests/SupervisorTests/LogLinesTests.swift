import Testing

@testable import HostSupervisor  // The cutting of lines is nobody else's business.

struct LogLinesTests {
    private func text(_ lines: [[UInt8]]) -> [String] { lines.map { String(decoding: $0, as: UTF8.self) } }

    @Test func `lines come out whole, however the bytes arrive`() {
        var lines = LogLines()
        #expect(lines.take("one\ntw".utf8).count == 1)
        #expect(text(lines.take("o\n\nthree".utf8)) == ["two", ""])
        #expect(lines.last() == Array("three".utf8))
        #expect(lines.last() == nil)
    }

    @Test func `a line that never ends takes no memory, and the next one is whole`() {
        var lines = LogLines()
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 10_000)
        for _ in 0..<100 { #expect(lines.take(chunk).isEmpty) }
        let out = text(lines.take("\nnext\n".utf8))
        #expect(out.count == 2)
        #expect(out[0].hasSuffix("x … (cut)"))
        #expect(out[0].utf8.count < 70_000)
        #expect(out[1] == "next")
    }
}
