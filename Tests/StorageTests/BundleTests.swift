import Foundation
import HostAuth
import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import NIOCore
import TestSupport
import Testing

struct BundleTests {
    /// A business with records in statuses and versions of their own, files, and a trail.
    private func fill(_ installation: TestInstallation) async throws -> SignedUp {
        let firm = try await installation.signUp("ann@example.com")
        let records = installation.storage.records
        let party = try installation.plan("core", "party")
        let field = NewCustomField(
            entity: party.reference, key: "n", label: "Number", kind: .int, isRequired: false, options: [], target: nil,
            position: 0)
        _ = try await installation.storage.customFields.add(field, fieldsMax: nil, in: firm.scope)
        for number in 0..<40 {
            let id = RecordID(UUID())
            let values: [String: JSONValue] = [
                "id": .string(id.description), "display_name": .string("P\(number) é \\ \" \n'"), "roles": ["customer"],
                "custom": ["n": .int(Int64(number))],
            ]
            _ = try await records.create(party, values, in: firm.scope)
            if number.isMultiple(of: 3) {
                _ = try await records.update(
                    party, id, version: 1, ["notes": "changed"], in: firm.scope, reach: .business)
            }
            if number.isMultiple(of: 7) {
                _ = try await records.archive(
                    party, id, version: number.isMultiple(of: 3) ? 2 : 1, in: firm.scope, reach: .business)
            }
        }
        for size in [5, 600_000] {
            let type = try #require(FileType(contentType: "text/plain"))
            let file = NewFile(
                name: "f\(size)", type: type, visibility: .customer,
                content: ByteBuffer(string: String(repeating: "x", count: size)))
            _ = try await installation.storage.files.add(file, in: firm.scope)
        }
        return firm
    }

    private func export(
        _ firm: SignedUp, _ installation: TestInstallation, _ manifests: ManifestSet? = nil
    ) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        let manifests = try manifests ?? TestManifests.all()
        try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
            let store = OperatorStore(database: database, clock: installation.clock, observer: SilentObserver())
            _ = try await store.export(firm.scope.business, manifests) {
                bytes.append(contentsOf: $0.readableBytesView)
            }
        }
        return bytes
    }

    private func restore(
        _ bytes: [UInt8], _ installation: TestInstallation, _ manifests: ManifestSet? = nil
    ) async throws -> [BundleSection] {
        var sections: [BundleSection] = []
        let manifests = try manifests ?? TestManifests.all()
        try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
            var rest = bytes[...]
            let archive = BundleArchive { count in
                defer { rest = rest.dropFirst(count) }
                return Array(rest.prefix(count))
            }
            let store = BundleRestore(
                database: database, manifests: manifests, clock: installation.clock, observer: SilentObserver())
            sections = try await store.run(archive).1
        }
        return sections
    }

    private func rows(_ table: String, _ firm: SignedUp, _ installation: TestInstallation) async throws -> [String] {
        try await installation.database.ask(
            "SELECT to_jsonb(t)::text FROM \(table) t ORDER BY id", business: firm.scope.business
        ).texts
    }

    @Test func `labels, the records that have them and the lines of those arrive together`() async throws {
        let gallery = try TestManifests.gallery()
        try await TestInstallation.make(gallery) { first in
            let firm = try await first.signUp("ann@example.com")
            let order = try first.plan("sales", "order")
            let values = LabelStore.Values(name: "New", colour: "#00ff00", position: 1, isDefault: true)
            _ = try await first.storage.labels.add(
                .init(entity: order.reference, status: "draft", values: values), in: firm.scope)
            let lines: JSONValue = [["name": "A", "unit_price_minor": 1, "qty_milli": 1]]
            _ = try await first.storage.records.create(
                order, ["title": "Roof", "lines": lines], in: firm.scope, lines: .ofDocument)
            let bytes = try await export(firm, first, gallery)
            try await TestInstallation.make(gallery) { second in
                _ = try await restore(bytes, second, gallery)
                for table in ["states.label", "sales.\"order\"", "sales.order_line", "states.history"] {
                    let there = try await rows(table, firm, second)
                    #expect(try await rows(table, firm, first) == there)
                    #expect(there.count == 1, "\(table)")
                }
            }
        }
    }

    @Test func `a business arrives in another installation as it left`() async throws {
        try await TestInstallation.make { first in
            let firm = try await fill(first)
            let bytes = try await export(firm, first)
            try await TestInstallation.make { second in
                _ = try await second.signUp("other@example.com")
                let sections = try await restore(bytes, second)
                #expect(sections.first { $0.name == "core.party" }?.rows == 40)
                #expect(sections.first { $0.name == "files.chunk" }?.rows == 4)
                for table in ["core.party", "files.file", "states.history"] {
                    #expect(try await rows(table, firm, first) == rows(table, firm, second), "\(table)")
                }
                #expect(try await second.actions(of: firm).suffix(1) == ["platform.business.restore"])
                // Words don't travel; they are found as the records arrive.
                #expect(!sections.contains { $0.name.hasPrefix("search") })
                let words = "SELECT entity || word || record_id FROM search.word ORDER BY 1"
                let left = try await first.database.ask(words, business: firm.scope.business).texts
                #expect(try await second.database.ask(words, business: firm.scope.business).texts == left)
                #expect(left.count > 40)
                // It goes on working: the next change is version + 1, and new records start at 1.
                let party = try second.plan("core", "party")
                _ = try await second.storage.records.create(party, ["display_name": "New"], in: firm.scope)
                let refused = await problem { _ = try await restore(bytes, second) }
                #expect(refused?.code == .bundleRefused)
            }
        }
    }

    @Test func `an account of the same address is the same person`() async throws {
        try await TestInstallation.make { first in
            let firm = try await fill(first)
            let bytes = try await export(firm, first)
            try await TestInstallation.make { second in
                let other = try await second.signUp("ann@example.com")
                _ = try await restore(bytes, second)
                let facts = try await second.storage.sessions.signInFacts(email: "ann@example.com")
                #expect(facts?.user == other.grant.user)
                #expect(facts.map { Set($0.businesses) } == [firm.scope.business, other.scope.business])
            }
        }
    }

    @Test func `a bundle that is cut off anywhere leaves nothing behind`() async throws {
        try await TestInstallation.make { first in
            let firm = try await fill(first)
            let bytes = try await export(firm, first)
            try await TestInstallation.make { second in
                for count in [0, 100, 512, 1_500, 10_000, bytes.count / 2, bytes.count - 1_500, bytes.count - 1_024] {
                    let refused = await problem { _ = try await restore(Array(bytes.prefix(count)), second) }
                    #expect(refused?.code == .bundleDamaged, "cut at \(count)")
                }
                let left = try await rows("businesses.business", firm, second)
                #expect(left.isEmpty)
            }
        }
    }

    @Test func `an altered byte is found and its part is named`() async throws {
        try await TestInstallation.make { first in
            let firm = try await fill(first)
            let bytes = try await export(firm, first)
            try await TestInstallation.make { second in
                for (word, part) in [
                    ("display_name", "audit.entry"), ("Firm of", "manifest.json"), ("ustar", "after"),
                    ("\"notes\":\"changed", "core.party"), ("\"email\":\"ann", "users."),
                ] {
                    let place = try #require(bytes.firstRange(of: Array(word.utf8))).lowerBound
                    var altered = bytes
                    altered[place] ^= 1
                    let refused = await problem { _ = try await restore(altered, second) }
                    #expect([.bundleDamaged, .bundleRefused].contains(refused?.code), "\(word)")
                    #expect(refused?.detail.contains(part) == true, "\(word): \(refused?.detail ?? "taken")")
                }
                let left = try await rows("businesses.business", firm, second)
                #expect(left.isEmpty)
            }
        }
    }

    @Test func `another manifest of a plugin is refused`() async throws {
        try await TestInstallation.make { first in
            let firm = try await first.signUp("ann@example.com")
            let bytes = try await export(firm, first)
            try await TestInstallation.make { second in
                let other = try ManifestSet.resolve([
                    try TestManifests.manifest("core", digest: "other"), try TestManifests.manifest("hs"),
                ])
                let refused = await problem { _ = try await restore(bytes, second, other) }
                #expect(refused?.code == .bundleRefused)
                #expect(refused?.detail.contains("core") == true)
            }
        }
    }

    @Test func `the owner's export is the operator's`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await fill(installation)
            let bytes = try await export(firm, installation)
            var own: [UInt8] = []
            try await installation.storage.bundles.export(in: firm.scope) {
                own.append(contentsOf: $0.readableBytesView)
            }
            // The trail grew by the operator's export.
            #expect(own.count > bytes.count)
            try await TestInstallation.make { second in
                let sections = try await restore(own, second)
                #expect(sections.contains { $0.name == "core.party" && $0.rows == 40 })
            }
            #expect(try await installation.actions(of: firm).suffix(1) == ["platform.business.export"])
        }
    }

    @Test func `the role that restores can do nothing outside of a restore`() async throws {
        try await TestInstallation.make { installation in
            let rights = try await installation.database.ask(
                """
                SELECT table_schema || '.' || table_name FROM information_schema.role_table_grants
                WHERE grantee = 'thorbis_restore'
                UNION ALL SELECT rolname FROM pg_roles
                WHERE rolname = 'thorbis_restore' AND (rolcanlogin OR rolsuper OR rolbypassrls)
                UNION ALL SELECT 'member' WHERE pg_has_role(current_user, 'thorbis_restore', 'MEMBER')
                """)
            #expect(rights.texts == [])
        }
    }
}
