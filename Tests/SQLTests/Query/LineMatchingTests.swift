import Foundation
import HostModel
import HostSQL
import Testing

struct LineMatchingTests {
    private let a = RecordID(UUID())
    private let b = RecordID(UUID())

    private var present: [LineMatching.Present] {
        [.init(id: a, maker: "m", externalID: "a"), .init(id: b, maker: "m", externalID: nil)]
    }

    private func matching(_ sent: [JSONValue], isNew: Bool = false) throws(Problem) -> LineMatching {
        try LineMatching(sent.compactMap(\.object), present: isNew ? [] : present, isNew: isNew, member: "lines")
    }

    private func id(_ id: RecordID) -> JSONValue { .string(id.description) }

    @Test func `lines are known by id, else by external id; the others are new or go`() throws {
        let found = try matching([["name": "New"], ["external_id": "a"], ["external_id": "c"]])
        #expect(found.kept.map(\.line.id) == [a] && found.kept.map(\.sent.index) == [1])
        #expect(found.added.map(\.index) == [0, 2])
        #expect(found.removed.map(\.id) == [b])
        // An id decides alone: the line may get another external id.
        let renamed = try matching([["id": id(b), "external_id": "a"], ["id": id(a), "external_id": nil]])
        #expect(renamed.kept.map(\.line.id) == [b, a] && renamed.removed.isEmpty)
    }

    @Test func `an id of nothing and a line that comes twice are faults, all told at once`() throws {
        let refused = try #require(throws: Problem.self) {
            try matching([["id": .string(UUID().uuidString.lowercased())], ["id": id(a)], ["external_id": "a"]])
        }
        #expect(
            refused.faults.map { "\($0.path) \($0.code)" } == [
                "/lines/0/id unknown_reference", "/lines/2/external_id duplicate",
            ])
    }

    @Test func `a new document's lines bring their own ids`() throws {
        let found = try matching([["id": id(a)], ["external_id": "a"]], isNew: true)
        #expect(found.added.map(\.index) == [0, 1] && found.kept.isEmpty && found.removed.isEmpty)
    }
}
