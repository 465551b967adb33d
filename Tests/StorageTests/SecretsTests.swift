import HostAuth
import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import Synchronization
import TestSupport
import Testing

/// Sensitive values in PostgreSQL: sealed, and opened only where they were put.
struct SecretsTests {
    private static let word = "open-sesame-4711"

    private static func locked(_ door: String, _ code: String) -> [String: JSONValue] {
        ["door": .string(door), "gate_code": .string(code)]
    }

    private static func make(
        _ installation: TestInstallation, _ firm: SignedUp, _ code: String = word
    ) async throws -> RecordID {
        let plan = try installation.plan("secrets", "lock")
        let made = try await installation.storage.records.create(plan, locked("Front", code), in: firm.scope)
        let json = try JSONParser.parse(made.json.bytes)
        #expect(json["gate_code"]?.string == "•••")
        return try #require(json["id"]?.string.flatMap { RecordID($0) })
    }

    private static func secret(
        _ installation: TestInstallation, _ firm: SignedUp, _ lock: RecordID
    ) async throws -> String? {
        let plan = try installation.plan("secrets", "lock")
        let secrets = try await installation.storage.records.secrets(
            plan, of: [lock], in: firm.scope, reach: .business)
        return secrets[lock]?["gate_code"]?.string
    }

    private static func terms(_ firm: SignedUp) -> TransactionTerms {
        TransactionTerms(
            principal: firm.principal, request: RequestID(UUIDv7Source(clock: SteppedClock()).next()), scope: .business,
            timeout: .seconds(10))
    }

    @Test func `a business's key outlives the request that made it and was undone`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("first@example.com")
            let plan = try installation.plan("secrets", "lock")
            let undone = await problem {
                _ = try await installation.storage.records.together(
                    1, in: firm.scope, deadline: .seconds(5), isPartial: false
                ) { _, scope throws(Problem) in
                    _ = try await installation.storage.records.create(plan, Self.locked("Front", Self.word), in: scope)
                    throw Problem(.conflict, "No.")
                }
            }
            #expect(undone?.code == .conflict)
            _ = try await Self.make(installation, firm)
            let keys = try await installation.database.ask(
                "SELECT 1 FROM businesses.data_key", business: firm.grant.business)
            #expect(keys.count == 1, "the key that values were sealed with is kept")
        }
    }

    @Test func `a record changed by its external id keeps its secrets sealed`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("first@example.com")
            let plan = try installation.plan("secrets", "lock")
            for word in ["first-\(Self.word)", "second-\(Self.word)"] {
                let values = Self.locked("Front", word).merging(["external_id": "x"]) { $1 }
                let id = RecordID(UUIDv7Source(clock: installation.clock).next())
                let (_, lock, _) = try await installation.storage.records.upsert(
                    plan, external: "x", new: values.merging(["id": .string(id.description)]) { $1 }, changes: values,
                    version: nil, in: firm.scope, reach: .business, id: id)
                #expect(try await Self.secret(installation, firm, lock) == word)
            }
            try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
                let found = try await database.ask("SELECT 1 FROM secrets.lock t WHERE t::text LIKE '%sesame%'")
                #expect(found.count == 0)
            }
        }
    }

    @Test func `the plain value is nowhere in the database`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("first@example.com")
            let lock = try await Self.make(installation, firm)
            let plan = try installation.plan("secrets", "lock")
            let records = installation.storage.records
            _ = try await records.update(
                plan, lock, version: 1, ["gate_code": .string("new-" + Self.word)], in: firm.scope, reach: .business)
            #expect(try await Self.secret(installation, firm, lock) == "new-" + Self.word)
            try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
                let tables = try await database.ask(
                    """
                    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
                    WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
                    """
                ).texts
                #expect(tables.contains("secrets.lock") && tables.contains("audit.entry"))
                for table in tables {
                    let found = try await database.ask("SELECT 1 FROM \(table) t WHERE t::text LIKE '%sesame%'")
                    #expect(found.count == 0, "\(table)")
                }
                // The scan would have found it.
                let door = try await database.ask("SELECT 1 FROM secrets.lock t WHERE t::text LIKE '%Front%'")
                #expect(door.count == 1)
                let trail = try await database.ask(
                    "SELECT changes -> 'gate_code' ->> 'to' FROM audit.entry WHERE changes ? 'gate_code'")
                #expect(trail.texts == ["hidden", "hidden"])
            }
        }
    }

    @Test func `a value that was moved to another record or column doesn't open`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("first@example.com")
            let first = try await Self.make(installation, firm)
            let second = try await Self.make(installation, firm, "other-1234")
            _ = try await installation.database.ask(
                """
                UPDATE secrets.lock SET version = version + 1,
                    gate_code = (SELECT gate_code FROM secrets.lock WHERE id = $1::uuid) WHERE id = $2::uuid
                """, [first.description, second.description], business: firm.scope.business)
            let moved = await problem { _ = try await Self.secret(installation, firm, second) }
            #expect(moved?.code == .internalError)
            #expect(try await Self.secret(installation, firm, first) == Self.word)
            _ = try await installation.database.ask(
                "UPDATE secrets.lock SET version = version + 1, contact = gate_code WHERE id = $1::uuid",
                [first.description], business: firm.scope.business)
            let swapped = await problem { _ = try await Self.secret(installation, firm, first) }
            #expect(swapped?.code == .internalError)
        }
    }

    @Test func `the key of one business opens nothing of another one`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let first = try await installation.signUp("first@example.com")
            let second = try await installation.signUp("second@example.com")
            let lock = try await Self.make(installation, first)
            try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
                // The whole row with its id, and the first one's wrapped key too: as much as a thief could move.
                _ = try await database.ask(
                    """
                    INSERT INTO secrets.lock (business_id, id, created_by, updated_by, door, gate_code)
                    SELECT $1::uuid, id, created_by, updated_by, door, gate_code FROM secrets.lock
                    """, [second.scope.business.description])
            }
            // Its own key isn't the one.
            _ = try await Self.make(installation, second, "mine-1234")
            let own = await problem { _ = try await Self.secret(installation, second, lock) }
            #expect(own?.code == .internalError)
            try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
                _ = try await database.ask(
                    """
                    UPDATE businesses.data_key k SET wrapped = o.wrapped FROM businesses.data_key o
                    WHERE k.business_id = $1::uuid AND o.business_id = $2::uuid
                    """, [second.scope.business.description, first.scope.business.description])
            }
            let stolen = await problem {
                _ = try await Self.secret(installation.restarted(), second, lock)
            }
            #expect(stolen?.code == .internalError)
            #expect(try await Self.secret(installation.restarted(), first, lock) == Self.word)
        }
    }

    @Test func `an operation sees and writes the plain value, within its rules`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("first@example.com")
            let entity = EntityReference(plugin: try #require(PluginID("secrets")), name: "lock")
            let operations = installation.storage.operations
            let lock = try await operations.run(Self.terms(firm)) { transaction throws(Problem) in
                let made = try await transaction.create(entity, Self.locked("Back", Self.word))
                let id = (try? JSONParser.parse(made.json.bytes))?["id"]?.string.flatMap { RecordID($0) }
                guard let id, made.secrets["gate_code"]?.string == Self.word else { throw Problem(.conflict, "create") }
                let read = try await transaction.read(entity, id, locked: true)
                guard read?.secrets["gate_code"]?.string == Self.word else { throw Problem(.conflict, "read") }
                let found = try await transaction.find(entity, matching: ["door": "Back"], limit: 5)
                guard found.first?.secrets["gate_code"]?.string == Self.word else { throw Problem(.conflict, "find") }
                let saved = try await transaction.update(entity, id, version: 1, ["gate_code": "next-0815"])
                guard saved.secrets["gate_code"]?.string == "next-0815" else { throw Problem(.conflict, "update") }
                return id
            }
            #expect(try await Self.secret(installation, firm, lock) == "next-0815")
            for wrong in ["•••", "no!", "a"] {
                let refused = await problem {
                    try await operations.run(Self.terms(firm)) { transaction throws(Problem) in
                        _ = try await transaction.update(entity, lock, version: 2, ["gate_code": .string(wrong)])
                    }
                }
                #expect(refused?.code == .validationFailed, "\(wrong)")
            }
        }
    }

    @Test func `a new master key wraps all keys, and the old one can go`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firms = [
                try await installation.signUp("first@example.com"), try await installation.signUp("second@example.com"),
            ]
            var locks: [RecordID] = []
            for firm in firms { locks.append(try await Self.make(installation, firm)) }
            installation.masterKeys.add(2)
            try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
                let store = OperatorStore(
                    database: database, clock: installation.clock, observer: SilentObserver())
                let stale = try await store.keysNotWrapped(by: 2)
                let first = try await store.rewrap(installation.masterKeys)
                let second = try await store.rewrap(installation.masterKeys)
                #expect([stale, first, second] == [2, 2, 0])
            }
            installation.masterKeys.remove(1)
            for (firm, lock) in zip(firms, locks) {
                #expect(try await Self.secret(installation.restarted(), firm, lock) == Self.word)
            }
            installation.masterKeys.remove(2)
            let gone = await problem { _ = try await Self.secret(installation.restarted(), firms[0], locks[0]) }
            #expect(gone?.code == .unavailable)
        }
    }
}

/// Master keys in memory, which come and go.
final class TestMasterKeys: MasterKeySource {
    private let keys = Mutex<[Int: MasterKey]>([:])

    init() { add(1) }

    func add(_ id: Int) {
        keys.withLock { $0[id] = MasterKey(id: id, bytes: Array(repeating: UInt8(id), count: 32)) }
    }

    func remove(_ id: Int) { keys.withLock { $0[id] = nil } }

    func current() throws(Problem) -> MasterKey {
        guard let key = keys.withLock({ $0.values.max { $0.id < $1.id } }) else { throw .noMasterKey }
        return key
    }

    func key(_ id: Int) throws(Problem) -> MasterKey? { keys.withLock { $0[id] } }
}
