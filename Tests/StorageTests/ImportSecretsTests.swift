import HostModel
import HostPostgres
import HostStorage
import TestSupport
import Testing

/// Sensitive values that come from files: sealed from the upload on.
struct ImportSecretsTests {
    private static let word = "open-sesame-4711"

    /// Whether a word stands anywhere in the database.
    private static func isFound(_ word: String, _ fixture: ImportFixture) async throws -> [String] {
        var places: [String] = []
        try await TestInstallation.withDatabase(fixture.installation.place, as: .superuser) { database in
            let tables = try await database.ask(
                """
                SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
                WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
                """
            ).texts
            for table in tables {
                // Bytes of files show as hexadecimal digits.
                let found = try await database.ask(
                    "SELECT 1 FROM \(table) t WHERE t::text LIKE '%' || $1 || '%' OR t::text LIKE '%' || $2 || '%'",
                    [word, Self.digits(word)])
                if found.count > 0 { places.append(table) }
            }
        }
        return places
    }

    private static func digits(_ word: String) -> String {
        word.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func secrets(_ fixture: ImportFixture) async throws -> [String: String] {
        let installation = fixture.installation
        let plan = try installation.plan("secrets", "lock")
        let ids = try await fixture.ask("SELECT id::text || external_id FROM secrets.lock")
        var secrets: [String: String] = [:]
        for text in ids {
            let id = try #require(RecordID(String(text.prefix(36))))
            let opened = try await installation.storage.records.secrets(
                plan, of: [id], in: fixture.firm.scope, reach: .business)
            secrets[String(text.dropFirst(36))] = opened[id]?["gate_code"]?.string
        }
        return secrets
    }

    @Test func `they are nowhere in plain, neither in records nor in the file that is kept`() async throws {
        try await ImportFixture.make(try TestManifests.gallery()) { fixture in
            let text = "external_id,door,gate_code\nA,Front,\(Self.word)\nB,Back,\nC,Side,no\n"
            let id = try await fixture.uploaded(text, to: "secrets.lock")
            #expect(try await Self.isFound("sesame", fixture) == [])
            let job = try await fixture.run(id)
            #expect(job.tally == "2/0/0/1", "\(job.text)")
            #expect(try await fixture.faults(job) == ["3:gate_code:min"])
            #expect(try await Self.isFound("sesame", fixture) == [])
            // The scan would have found it.
            #expect(try await Self.isFound("Front", fixture).sorted() == ["audit.entry", "secrets.lock"])
            #expect(try await Self.secrets(fixture) == ["A": Self.word])
            let bad = try await fixture.store.badRows(of: id, after: 0, in: fixture.firm.scope)
            #expect(bad.map { String(decoding: $0.bytes, as: UTF8.self) } == ["C,Side,no\n"])
        }
    }

    @Test func `an upsert seals them anew, and doesn't tell whether they were the same`() async throws {
        try await ImportFixture.make(try TestManifests.gallery()) { fixture in
            let text = "external_id,door,gate_code\nA,Front,\(Self.word)\n"
            _ = try await fixture.imported(text, to: "secrets.lock")
            for word in [Self.word, "other-sesame", "•••"] {
                let job = try await fixture.imported(
                    text.replacing(Self.word, with: word), to: "secrets.lock", mode: .upsert)
                let isMask = word == "•••"
                #expect(job.tally == (isMask ? "0/0/0/1" : "0/1/0/0"), "\(job.text)")
                if isMask { #expect(try await fixture.faults(job) == ["1:gate_code:masked"]) }
                #expect(try await Self.secrets(fixture) == ["A": isMask ? "other-sesame" : word])
            }
            #expect(try await Self.isFound("sesame", fixture) == [])
        }
    }

    @Test func `a part of a sealed file that comes again is compared by what it holds`() async throws {
        try await ImportFixture.make(try TestManifests.gallery()) { fixture in
            let head = "external_id,door,gate_code\n"
            let id = try await fixture.uploaded(head, to: "secrets.lock")
            let store = fixture.store
            let scope = fixture.firm.scope
            try await store.append(Array(head.utf8), at: 0, to: id, in: scope)
            let other = await problem {
                try await store.append(Array(head.uppercased().utf8), at: 0, to: id, in: scope)
            }
            #expect(other?.code == .uploadOffset)
            try await store.append(Array("A,Front,\(Self.word)\n".utf8), at: 27, to: id, in: scope)
            #expect(try await fixture.run(id).tally == "1/0/0/0")
        }
    }
}
