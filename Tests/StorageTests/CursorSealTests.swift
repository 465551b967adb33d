import Foundation
import HostModel
import HostSQL
import HostStorage
import Testing

struct CursorSealTests {
    private let seal = CursorSeal(key: Array(repeating: 1, count: 32))
    private let list = CursorSeal.List(business: BusinessID(UUID()), label: "hs.work_order", fingerprint: "-created_at")

    @Test(arguments: ["2026-11-22 15:00:00+00", "", "ä\u{0}|x", nil])
    func `a position comes back as it went in`(_ key: String?) throws {
        let position = ListQuery.Position(key: key, id: RecordID(UUID()))
        #expect(try seal.open(seal.seal(position, of: list), of: list) == position)
    }

    @Test func `a cursor of another business, list or key is refused`() {
        let cursor = seal.seal(ListQuery.Position(key: "a", id: RecordID(UUID())), of: list)
        let others = [
            CursorSeal.List(business: BusinessID(UUID()), label: list.label, fingerprint: list.fingerprint),
            CursorSeal.List(business: list.business, label: "hs.territory", fingerprint: list.fingerprint),
            CursorSeal.List(business: list.business, label: list.label, fingerprint: "name"),
        ]
        for other in others {
            #expect(throws: Problem.self) { try seal.open(cursor, of: other) }
        }
        let stranger = CursorSeal(key: Array(repeating: 2, count: 32))
        #expect(throws: Problem.self) { try stranger.open(cursor, of: list) }
    }

    @Test func `a change of any character is refused`() {
        let cursor = Array(seal.seal(ListQuery.Position(key: "abc", id: RecordID(UUID())), of: list).utf8)
        for place in cursor.indices {
            var changed = cursor
            changed[place] = changed[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let text = String(decoding: changed, as: UTF8.self)
            #expect(throws: Problem.self, "\(place)") { try seal.open(text, of: list) }
        }
    }

    @Test(arguments: ["", "x", "====", "a+b/", String(repeating: "A", count: 5_000), "ü"])
    func `what is no cursor is refused`(_ text: String) {
        #expect(throws: Problem.self) { try seal.open(text, of: list) }
    }
}
