import Testing

// Testable, because a plugin has no package access: it is built as third parties build theirs.
@testable import HomeServicesLogic

struct CompletionGateTests {
    @Test func `ten characters tell enough, blanks around them don't count`() {
        #expect(CompletionGate(lineCount: 1, resolution: "1234567890").missing.isEmpty)
        #expect(CompletionGate(lineCount: 1, resolution: " \n123456789\t ").missing == [.resolution])
    }

    @Test func `everything that is missing is named`() {
        #expect(CompletionGate(lineCount: 0, resolution: "").missing == [.lines, .resolution])
    }
}
