import Foundation
import HostAuth
import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import Synchronization
import TestSupport
import Testing

/// A migrated database of its own, with storage on it as the running host has it: logged in as `thorbis_app`.
struct TestInstallation: Sendable {
    let place: TestDatabase
    let database: Database
    let storage: Storage
    let credentials: CredentialCache
    let customFields = CustomFieldCache()
    let clock: SteppedClock
    let masterKeys: TestMasterKeys
    let board: VersionBoard
    private let manifests: ManifestSet

    static func make(
        _ manifests: ManifestSet? = nil, _ test: (TestInstallation) async throws -> Void
    ) async throws {
        let place = try await TestDatabase.fresh()
        let manifests = try manifests ?? TestManifests.all()
        try await withDatabase(place, as: .superuser) { database in
            try await Migrator(database: database, observer: SilentObserver()).migrate(manifests)
        }
        try await withDatabase(place, as: .app) { database in
            let credentials = CredentialCache()
            let clock = SteppedClock()
            let installation = TestInstallation(
                place: place, database: database, manifests: manifests, credentials: credentials, clock: clock,
                masterKeys: TestMasterKeys(), board: try VersionBoard())
            try await test(installation)
        }
    }

    private init(
        place: TestDatabase, database: Database, manifests: ManifestSet, credentials: CredentialCache,
        clock: SteppedClock, masterKeys: TestMasterKeys, board: VersionBoard
    ) {
        self.place = place
        self.database = database
        self.manifests = manifests
        self.credentials = credentials
        self.clock = clock
        self.masterKeys = masterKeys
        self.board = board
        storage = Storage(
            directory: BusinessDirectory(home: database), manifests: manifests,
            cursorSeal: CursorSeal(key: Array(repeating: 7, count: 32)), credentials: credentials,
            customFields: customFields, clock: clock, board: board,
            masterKeys: masterKeys, observer: SilentObserver())
    }

    /// The same with a host that has nothing in memory yet.
    func restarted() -> TestInstallation {
        TestInstallation(
            place: place, database: database, manifests: manifests, credentials: credentials, clock: clock,
            masterKeys: masterKeys, board: board)
    }

    /// Connects for the time of the body.
    static func withDatabase(
        _ place: TestDatabase, as role: TestDatabase.Role, _ body: (Database) async throws -> Void
    ) async throws {
        try await place.connected(as: role, body)
    }

    /// Signs up a business whose owner has that e-mail address.
    func signUp(_ email: String, timeZone: String = "America/Chicago") async throws -> SignedUp {
        let hash = try #require(
            PasswordHash(
                "$scrypt$ln=15,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))
        let industry = try #require(PluginID("hs"))
        let new = NewBusiness(
            name: "Firm of \(email)", industry: industry, timeZone: timeZone, ownerName: "Ann", email: email,
            passwordHash: hash)
        let grant = try await storage.businesses.signUp(new, request: nil)
        return SignedUp(grant, now: clock.now())
    }

    func plan(_ plugin: String, _ entity: String) throws -> EntityPlan {
        let plugin = try #require(PluginID(plugin))
        return try #require(storage.plans[EntityReference(plugin: plugin, name: entity)])
    }

    /// The audit trail's actions, oldest first.
    func actions(of firm: SignedUp) async throws -> [String] {
        let page = try await storage.audit.list(AuditStore.Query(limit: 200), in: firm.scope)
        return try page.records.map { try JSONParser.parse($0.bytes)["action"]?.string ?? "" }
    }
}

/// A business with its signed-in owner.
struct SignedUp: Sendable {
    let grant: SessionGrant
    let principal: Principal
    private(set) var scope: TenantScope

    /// The same, all that is done in its scope being part of a transaction.
    func working(in scope: TenantScope) -> SignedUp {
        var firm = self
        firm.scope = scope
        return firm
    }

    init(_ grant: SessionGrant, now: Timestamp) {
        self.grant = grant
        principal = Principal(
            business: grant.business, user: grant.user, session: grant.session, roles: ["owner"], permissions: .none,
            tier: .starter, expires: now + .seconds(900))
        scope = TenantScope(principal, request: nil)
    }

    func claims(at now: Timestamp) -> AccessClaims {
        AccessClaims(
            user: grant.user, session: grant.session, business: grant.business, tokenID: UUID(), issuedAt: now,
            expires: now + .seconds(900))
    }
}

/// A clock that stands still until it is moved; every reading is a millisecond after the one before.
final class SteppedClock: WallClock {
    private let time = Mutex(Timestamp(microseconds: 1_795_000_000_000_000))

    func now() -> Timestamp {
        time.withLock { time in
            time = time + .milliseconds(1)
            return time
        }
    }

    func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }
}

/// The manifests of this repository.
enum TestManifests {
    static func all() throws -> ManifestSet {
        try ManifestSet.resolve(["core", "hs"].map { try manifest($0) })
    }

    /// Those and the gallery's.
    static func gallery() throws -> ManifestSet {
        let folder = root.appending(path: "Tests/Fixtures/Gallery")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let gallery = try files.filter { $0.pathExtension == "yaml" }.map { file in
            try ManifestParser.parse(
                yaml: String(contentsOf: file, encoding: .utf8), file: file.lastPathComponent, digest: "d1")
        }
        return try ManifestSet.resolve(["core", "hs"].map { try manifest($0) } + gallery)
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func manifest(_ name: String, digest: String = "d1") throws -> Manifest {
        let yaml = try String(contentsOf: root.appending(path: "manifests/\(name).yaml"), encoding: .utf8)
        return try ManifestParser.parse(yaml: yaml, file: "\(name).yaml", digest: digest)
    }
}

extension Database {
    /// One statement, on a lane, without a business unless one is given.
    func ask(
        _ text: String, _ parameters: [String?] = [], business: BusinessID? = nil
    ) async throws(DatabaseError) -> Rows {
        let setting = SQLStatement(name: nil, text: "SELECT set_config('thorbis.business_id', $1, true)")
        let scope = business.map { [SQLCommand(setting, [$0.description])] } ?? []
        let command = SQLCommand(SQLStatement(name: nil, text: text), parameters)
        return try await run(DatabaseUnit(scope + [command], deadline: .seconds(10)))[scope.count]
    }
}

extension Rows {
    /// The first column.
    var texts: [String] { (0..<count).map { text($0, 0) ?? "" } }
}

/// Runs the body and gives the problem that it throws.
func problem(_ body: () async throws -> Void) async -> Problem? {
    do {
        try await body()
        return nil
    } catch {
        return error as? Problem
    }
}
