import Foundation
import HostGateway
import HostModel
import Testing

struct ErrorTableTests {
    /// `THORBIS_WRITE_DOCS=1` writes the file instead of comparing it.
    @Test func `the document lists the table`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appending(path: "docs/ERRORS.md")
        if ProcessInfo.processInfo.environment["THORBIS_WRITE_DOCS"] == "1" {
            try Data(ErrorDocument.markdown.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == ErrorDocument.markdown)
    }

    @Test func `every code stands once, ordered by status`() {
        let rows = ErrorTable.rows
        #expect(Set(rows.map(\.code)).count == rows.count)
        #expect(rows.map(\.status) == rows.map(\.status).sorted())
    }

    @Test func `a code that a plugin brings is a conflict with a readable title`() {
        let row = ErrorTable.row(Problem.Code("not_payable"))
        #expect(row.status == 409)
        #expect(row.title == "Not payable")
    }

    @Test func `a problem's own members can't change what RFC 9457 names`() throws {
        let id = RequestID(UUID())
        let problem = Problem(.versionConflict, "Changed.", members: ["status": 1, "current_version": 4])
        let response = ProblemDocument.response(problem, id: id)
        guard case .bytes(let bytes) = response.body else {
            Issue.record("a problem has bytes")
            return
        }
        let document = try JSONParser.parse(bytes)
        #expect(document["status"] == 412)
        #expect(document["current_version"] == 4)
        #expect(document["type"] == "https://thorbis.dev/problems/version_conflict")
        #expect(document["instance"] == .string("urn:uuid:\(id)"))
    }

    @Test func `waiting is told in whole seconds, rounded up`() {
        let response = ProblemDocument.response(
            .unavailable(retryAfter: .milliseconds(1_200)), id: RequestID(UUID()))
        #expect(response.fields.contains { "\($0.name)" == "Retry-After" && $0.value == "2" })
    }
}
