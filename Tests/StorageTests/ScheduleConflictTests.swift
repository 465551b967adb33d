import Foundation
import HostAuth
import HostModel
import HostSQL
import HostStorage
import Testing

/// Who may see whose time it is.
struct ScheduleConflictTests {
    @Test func `records of others are counted and not shown to those who see their own only`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            let (room, visit) = (try installation.plan("rules", "room"), try installation.plan("rules", "visit"))
            let records = installation.storage.records
            let hall =
                try JSONParser.parse(
                    try await records.create(room, ["name": "Hall"], in: firm.scope).json.bytes)["id"] ?? .null
            func values(_ from: Int, _ to: Int) -> [String: JSONValue] {
                [
                    "room": hall, "starts_at": .string("2026-11-22T\(from):00:00Z"),
                    "ends_at": .string("2026-11-22T\(to):00:00Z"),
                ]
            }
            let helper = Principal(
                business: firm.principal.business, user: UserID(UUID()), session: firm.principal.session,
                roles: ["helper"], permissions: .none, tier: .starter, expires: firm.principal.expires)
            let theirs = TenantScope(helper, request: nil)
            _ = try await records.create(visit, values(10, 11), in: firm.scope)
            let own = try JSONParser.parse(
                try await records.create(visit, values(11, 12), in: theirs).json.bytes)["id"]
            let refused = await problem {
                _ = try await records.create(visit, values(10, 12), in: theirs, reach: .own)
            }
            #expect(refused?.code == .scheduleConflict)
            #expect(refused?.members["conflicts"]?.array?.map { $0["id"] } == [own])
            #expect(refused?.members["hidden"] == 1 && refused?.members["more"] == false)
            let seen = await problem {
                _ = try await records.create(visit, values(10, 12), in: firm.scope, reach: .business)
            }
            #expect(seen?.members["conflicts"]?.array?.count == 2 && seen?.members["hidden"] == 0)
            // A change is told the same.
            let id = try #require(own?.string.flatMap { RecordID($0) })
            let moved = await problem {
                _ = try await records.update(
                    visit, id, version: 1, ["starts_at": "2026-11-22T10:30:00Z"], in: theirs, reach: .own)
            }
            #expect(moved?.members["conflicts"] == [] && moved?.members["hidden"] == 1)
            // Another business has the same hours.
            let other = try await installation.signUp("bob@example.com")
            let foreign = await problem {
                _ = try await records.create(visit, values(10, 12), in: other.scope, reach: .business)
            }
            #expect(foreign?.code == .validationFailed, "the room isn't theirs")
        }
    }
}
