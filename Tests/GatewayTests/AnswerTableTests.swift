import Foundation
import HostAuth
import HostModel
import NIOCore
import Testing

// A value of the gateway's, without a server around it.
@testable import HostGateway

extension AnswerTable {
    /// The answer; nil for a miss.
    fileprivate mutating func known(_ key: AnswerKey, _ number: UInt64, at now: NIODeadline) -> KnownAnswer? {
        guard case .hit(let answer) = find(key, number, at: now) else { return nil }
        return answer
    }
}

struct AnswerTableTests {
    private static let business = BusinessID(UUID())
    private static let user = UserID(UUID())

    private static func principal(
        business: BusinessID = business, user: UserID = user, tier: Tier = .starter, veil: CustomVeil = .none,
        _ grants: [(String, PermissionScope)] = [("hs.*", .business)]
    ) -> Principal {
        let grants = grants.compactMap { grant in
            PermissionPattern(grant.0).map { RoleDefinition.Grant(pattern: $0, scope: grant.1) }
        }
        return Principal(
            business: business, user: user, session: SessionID(UUID()), roles: ["r"],
            permissions: PermissionSet(roles: [RoleDefinition(name: "r", grants: grants)]), tier: tier, veil: veil,
            expires: Timestamp(microseconds: 0))
    }

    private static func key(
        _ principal: Principal = principal(), _ target: String = "/a", edition: Int = 1
    ) -> AnswerKey { AnswerKey(principal, target, edition: edition) }

    private static func answer(_ text: String) -> KnownAnswer { KnownAnswer(bytes: Array(text.utf8), fields: []) }
    private static func time(_ milliseconds: Int64) -> NIODeadline {
        .uptimeNanoseconds(0) + .milliseconds(milliseconds)
    }
    private static func table(_ bytesMax: Int = 1 << 20) -> AnswerTable {
        AnswerTable(bytesMax: bytesMax, life: .seconds(1))
    }

    @Test func `only a question that comes again is worth an answer`() {
        func isWanted(_ key: AnswerKey, in table: inout AnswerTable) -> Bool? {
            guard case .miss(let isWanted) = table.find(key, 1, at: Self.time(0)) else { return nil }
            return isWanted
        }
        var table = Self.table()
        #expect(isWanted(Self.key(), in: &table) == false)
        #expect(isWanted(Self.key(Self.principal(), "/b"), in: &table) == false)
        #expect(isWanted(Self.key(), in: &table) == true)
        // Many others take its place.
        for number in 0..<200_000 { _ = isWanted(Self.key(Self.principal(), "/\(number)"), in: &table) }
        #expect(isWanted(Self.key(), in: &table) == false)
        #expect(table.count == 0 && table.bytes == 0)
    }

    @Test func `an answer is found as long as its number and its time are good`() {
        var table = Self.table()
        #expect(table.known(Self.key(), 7, at: Self.time(0)) == nil)
        table.keep(Self.answer("x"), Self.key(), 7, from: Self.time(0), at: Self.time(5))
        #expect(table.known(Self.key(), 7, at: Self.time(999))?.bytes == Array("x".utf8))
        #expect(table.known(Self.key(), 8, at: Self.time(6)) == nil)
        #expect(table.known(Self.key(), 6, at: Self.time(6)) == nil)
        #expect(table.known(Self.key(), 7, at: Self.time(1_000)) == nil, "its second began before the question")
        #expect(table.counts == AnswerTable.Counts(hits: 1, misses: 4, evictions: 0))
    }

    @Test func `nobody is shown what somebody with other rights was answered`() {
        let veil = CustomVeil(["hs.work_order": ["margin"]])
        let others: [AnswerKey] = [
            Self.key(Self.principal(business: BusinessID(UUID()))), Self.key(Self.principal(tier: .professional)),
            Self.key(Self.principal(veil: veil)), Self.key(Self.principal([("hs.*", .own)])),
            Self.key(Self.principal([("hs.customers.read", .business)])), Self.key(Self.principal([])),
            Self.key(Self.principal([("hs.*", .business), ("core.*", .own)])), Self.key(edition: 2),
            Self.key(Self.principal(), "/a?x=1"), Self.key(Self.principal(), "/A"),
        ]
        var table = Self.table()
        table.keep(Self.answer("x"), Self.key(), 1, from: Self.time(0), at: Self.time(0))
        for (place, other) in others.enumerated() {
            #expect(table.known(other, 1, at: Self.time(1)) == nil, "\(place)")
            table.keep(Self.answer("\(place)"), other, 1, from: Self.time(0), at: Self.time(0))
        }
        #expect(Set(others).count == others.count)
        for (place, other) in others.enumerated() {
            #expect(table.known(other, 1, at: Self.time(1))?.bytes == Array("\(place)".utf8))
        }
    }

    @Test func `colleagues share what reaches the whole business, and nothing else`() {
        let (ann, bob) = (UserID(UUID()), UserID(UUID()))
        #expect(Self.key(Self.principal(user: ann)) == Self.key(Self.principal(user: bob)))
        let mixed: [(String, PermissionScope)] = [("hs.*", .business), ("core.party.read", .own)]
        #expect(Self.key(Self.principal(user: ann, mixed)) != Self.key(Self.principal(user: bob, mixed)))
        #expect(Self.key(Self.principal(user: ann, mixed)) == Self.key(Self.principal(user: ann, mixed)))
    }

    @Test func `it never holds more than it may, and the oldest leaves first`() {
        let bytesMax = 64 * (AnswerTable.entryBytes + 100)
        var table = Self.table(bytesMax)
        let body = Self.answer(String(repeating: "x", count: 90))
        for number in 0..<500 {
            let key = Self.key(Self.principal(), "/a?cursor=\(number)")
            table.keep(body, key, 1, from: Self.time(0), at: Self.time(0))
            #expect(table.bytes <= bytesMax)
        }
        #expect(table.counts.evictions > 400)
        #expect(table.known(Self.key(Self.principal(), "/a?cursor=499"), 1, at: Self.time(1)) != nil)
        #expect(table.known(Self.key(Self.principal(), "/a?cursor=0"), 1, at: Self.time(1)) == nil)
        // What is over makes room and isn't counted as thrown out.
        let before = table.counts.evictions
        table.keep(body, Self.key(Self.principal(), "/b"), 1, from: Self.time(2_000), at: Self.time(2_000))
        #expect(table.count == 1 && table.counts.evictions == before)
    }

    @Test func `an answer that takes a place again leaves nothing behind`() {
        var table = Self.table(200_000)
        for number in 0..<1_000 {
            let now = Self.time(Int64(number))
            table.keep(Self.answer("\(number)"), Self.key(), UInt64(number), from: now, at: now)
        }
        #expect(table.count == 1 && table.bytes < AnswerTable.entryBytes + 20)
        #expect(table.known(Self.key(), 999, at: Self.time(999))?.bytes == Array("999".utf8))
        #expect(table.counts.evictions == 0)
    }

    @Test func `what is too large, or came too late, isn't kept`() {
        var table = Self.table(16 * 2_000)
        table.keep(
            Self.answer(String(repeating: "x", count: 2_000)), Self.key(), 1, from: Self.time(0), at: Self.time(0))
        #expect(table.count == 0)
        table.keep(Self.answer("x"), Self.key(), 1, from: Self.time(0), at: Self.time(1_000))
        #expect(table.count == 0 && table.bytes == 0)
    }

    @Test func `only whole answers in JSON that show nothing sealed are known`() {
        #expect(KnownAnswer(.json([1])) != nil)
        #expect(KnownAnswer(.json([1], status: 404)) == nil)
        #expect(KnownAnswer(HTTPResponse(status: 200, contentType: .text, body: .bytes([1]))) == nil)
        var secret = HTTPResponse.json([1])
        secret.isConfidential = true
        #expect(KnownAnswer(secret) == nil)
    }

    @Test func `a list of changes isn't kept, nor one by custom fields, however it is spelt`() {
        for query in ["", "limit=5", "filter%5Bstatus%5D=draft&sort=-created_at", "q=updated_since"] {
            #expect(ShownEntities.mayBeKept(query[...]), "\(query)")
        }
        for query in [
            "updated_since=2026-01-01T00:00:00Z", "a=1&updated%5Fsince=x", "%zz=1", "filter%5Bcustom.colour%5D=red",
        ] {
            #expect(!ShownEntities.mayBeKept(query[...]), "\(query)")
        }
    }
}
