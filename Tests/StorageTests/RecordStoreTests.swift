import Foundation
import HostAuth
import HostModel
import HostSQL
import HostStorage
import Testing

struct RecordStoreTests {
    @Test func `a record is read as it was created`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let party = try installation.plan("core", "party")
            let records = installation.storage.records
            let made = try await records.create(
                party, ["display_name": "Bob", "roles": ["customer"]], in: firm.scope)
            let json = try JSONParser.parse(made.json.bytes)
            let id = try #require(json["id"]?.string.flatMap { RecordID($0) })
            let read = try await records.read(party, id, in: firm.scope, reach: .business)
            #expect(read.version == 1)
            #expect(read.json.bytes == made.json.bytes)
            #expect(json["display_name"] == "Bob")
            #expect(json["custom"] == [:])
            #expect(json["business_id"] == nil)
        }
    }

    @Test func `another business finds nothing and changes nothing`() async throws {
        try await TestInstallation.make { installation in
            let ann = try await installation.signUp("ann@example.com")
            let bob = try await installation.signUp("bob@example.com")
            let party = try installation.plan("core", "party")
            let records = installation.storage.records
            let (id, made) = try await record(party, ["display_name": "Bob"], installation, ann)
            let read = await problem { _ = try await records.read(party, id, in: bob.scope, reach: .business) }
            let update = await problem {
                _ = try await records.update(
                    party, id, version: 1, ["display_name": "x"], in: bob.scope, reach: .business)
            }
            let archive = await problem {
                _ = try await records.archive(party, id, version: 1, in: bob.scope, reach: .business)
            }
            #expect([read?.code, update?.code, archive?.code] == [.notFound, .notFound, .notFound])
            #expect(try await records.list(party, ListQuery(), in: bob.scope, reach: .business).records.isEmpty)
            let now = try await records.read(party, id, in: ann.scope, reach: .business)
            #expect(now.json.bytes == made.json.bytes)
        }
    }

    @Test func `a reference to another business's record is a fault of that field`() async throws {
        try await TestInstallation.make { installation in
            let ann = try await installation.signUp("ann@example.com")
            let bob = try await installation.signUp("bob@example.com")
            let (id, _) = try await record(
                try installation.plan("core", "party"), ["display_name": "Bob"], installation, ann)
            let location = try installation.plan("hs", "service_location")
            let refused = await problem {
                _ = try await installation.storage.records.create(
                    location, ["party": .string(id.description), "line1": "Main St 1", "country": "US"], in: bob.scope)
            }
            #expect(refused?.code == .validationFailed)
            #expect(refused?.faults.map(\.path) == ["/party_id"])
        }
    }

    @Test func `a stale version is refused with the current one`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let party = try installation.plan("core", "party")
            let records = installation.storage.records
            let (id, _) = try await record(party, ["display_name": "Bob"], installation, firm)
            let changed = try await records.update(
                party, id, version: 1, ["display_name": "Rob"], in: firm.scope, reach: .business)
            #expect(changed.version == 2)
            let stale = await problem {
                _ = try await records.update(
                    party, id, version: 1, ["display_name": "Tob"], in: firm.scope, reach: .business)
            }
            #expect(stale?.code == .versionConflict)
            #expect(stale?.members["current_version"] == 2)
            #expect(try await installation.actions(of: firm).suffix(2) == ["core.party.create", "core.party.update"])
        }
    }

    @Test func `an archived record takes no changes and leaves the list`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let party = try installation.plan("core", "party")
            let records = installation.storage.records
            let (id, _) = try await record(party, ["display_name": "Bob"], installation, firm)
            _ = try await records.archive(party, id, version: 1, in: firm.scope, reach: .business)
            let refused = await problem {
                _ = try await records.update(
                    party, id, version: 2, ["display_name": "x"], in: firm.scope, reach: .business)
            }
            #expect(refused?.code == .conflict)
            #expect(try await records.list(party, ListQuery(), in: firm.scope, reach: .business).records.isEmpty)
        }
    }

    @Test func `a value that is taken is refused with its field`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let item = try installation.plan("core", "item")
            let values: [String: JSONValue] = ["name": "Pipe", "sku": "P1", "unit_price_minor": 100]
            _ = try await record(item, values, installation, firm)
            let refused = await problem { _ = try await record(item, values, installation, firm) }
            #expect(refused?.code == .alreadyExists)
            #expect(refused?.faults.map(\.path) == ["/sku"])
        }
    }

    @Test func `pages go through the whole list once`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let party = try installation.plan("core", "party")
            for number in 0..<5 {
                _ = try await record(party, ["display_name": .string("P\(number)")], installation, firm)
            }
            var query = ListQuery(limit: 2, sort: ListQuery.Sort("display_name"))
            var names: [String] = []
            repeat {
                let page = try await installation.storage.records.list(party, query, in: firm.scope, reach: .business)
                names += try page.records.map { try JSONParser.parse($0.bytes)["display_name"]?.string ?? "" }
                query.cursor = page.nextCursor
            } while query.cursor != nil
            #expect(names == ["P0", "P1", "P2", "P3", "P4"])
        }
    }

    @Test func `another business's cursor is refused`() async throws {
        try await TestInstallation.make { installation in
            let ann = try await installation.signUp("ann@example.com")
            let bob = try await installation.signUp("bob@example.com")
            let party = try installation.plan("core", "party")
            let records = installation.storage.records
            for name in ["a", "b"] { _ = try await record(party, ["display_name": .string(name)], installation, ann) }
            var query = ListQuery(limit: 1)
            query.cursor = try await records.list(party, query, in: ann.scope, reach: .business).nextCursor
            let stolen = query
            let refused = await problem { _ = try await records.list(party, stolen, in: bob.scope, reach: .business) }
            #expect(refused?.code == .invalidCursor)
        }
    }

    @Test func `own reaches no records of others`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let party = try installation.plan("core", "party")
            let (id, _) = try await record(party, ["display_name": "Bob"], installation, firm)
            let colleague = Principal(
                business: firm.grant.business, user: UserID(UUID()), session: firm.grant.session, roles: [],
                permissions: .none, tier: .starter, expires: firm.principal.expires)
            let scope = TenantScope(colleague, request: nil)
            let refused = await problem {
                _ = try await installation.storage.records.read(party, id, in: scope, reach: .own)
            }
            _ = try await installation.storage.records.read(party, id, in: firm.scope, reach: .own)
            #expect(refused?.code == .notFound)
        }
    }

    private func record(
        _ plan: EntityPlan, _ values: [String: JSONValue], _ installation: TestInstallation, _ firm: SignedUp
    ) async throws -> (RecordID, StoredRecord) {
        let made = try await installation.storage.records.create(plan, values, in: firm.scope)
        let id = try JSONParser.parse(made.json.bytes)["id"]?.string.flatMap { RecordID($0) }
        return (try #require(id), made)
    }
}
