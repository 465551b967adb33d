import HostModel
import HostPostgres
import HostStorage
import NIOCore
import TestSupport
import Testing

struct FileStoreTests {
    private func file(_ name: String = "note.txt", _ content: String = "hello") throws -> NewFile {
        NewFile(
            name: name, type: try #require(FileType(contentType: "text/plain")), visibility: .internal,
            content: ByteBuffer(string: content))
    }

    private func content(_ id: RecordID, _ files: FileStore, _ firm: SignedUp) async throws -> String {
        let content = try await files.content(of: id, in: firm.scope)
        var text = ""
        for position in 0..<content.chunkCount {
            text += String(buffer: try await files.chunk(position, of: content, in: firm.scope))
        }
        return text
    }

    @Test func `a file comes back as it was brought, in pieces`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let files = installation.storage.files
            let long = String(repeating: "0123456789", count: 60_000)
            let (id, json) = try await files.add(try file("long.txt", long), in: firm.scope)
            let facts = try JSONParser.parse(json.bytes)
            #expect(facts["bytes"] == 600_000)
            #expect(facts["name"] == "long.txt")
            #expect(try await files.content(of: id, in: firm.scope).chunkCount == 3)
            #expect(try await content(id, files, firm) == long)
            #expect(try await files.read(id, in: firm.scope).bytes == json.bytes)
            #expect(try await installation.actions(of: firm).contains("platform.file.create"))
        }
    }

    @Test func `the same bytes are kept and counted once in a business`() async throws {
        try await TestInstallation.make { installation in
            let ann = try await installation.signUp("ann@example.com")
            let bob = try await installation.signUp("bob@example.com")
            let files = installation.storage.files
            let (first, _) = try await files.add(try file("a.txt"), in: ann.scope)
            let (second, _) = try await files.add(try file("b.txt"), in: ann.scope)
            _ = try await files.add(try file("c.txt"), in: bob.scope)
            #expect(first != second)
            for firm in [ann, bob] {
                let business = firm.scope.business
                let chunks = try await installation.database.ask(
                    "SELECT count(*)::text FROM files.chunk", business: business)
                #expect(chunks.text(0, 0) == "1")
                let used = try await installation.database.ask(
                    "SELECT used::text FROM billing.usage WHERE metric = 'bytes'", business: business)
                #expect(used.texts == ["5"])
            }
            #expect(try await content(second, files, ann) == "hello")
        }
    }

    @Test func `two uploads of the same bytes at once keep them once`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let new = try file("a.txt", String(repeating: "x", count: 300_000))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask { _ = try await installation.storage.files.add(new, in: firm.scope) }
                }
                try await group.waitForAll()
            }
            let used = try await installation.database.ask(
                "SELECT used::text FROM billing.usage WHERE metric = 'bytes'", business: firm.scope.business)
            #expect(used.texts == ["300000"])
        }
    }

    @Test func `another business finds no file`() async throws {
        try await TestInstallation.make { installation in
            let ann = try await installation.signUp("ann@example.com")
            let bob = try await installation.signUp("bob@example.com")
            let files = installation.storage.files
            let (id, _) = try await files.add(try file(), in: ann.scope)
            #expect(await problem { _ = try await files.read(id, in: bob.scope) }?.code == .notFound)
            #expect(await problem { _ = try await files.content(of: id, in: bob.scope) }?.code == .notFound)
            #expect(await problem { _ = try await files.archive(id, in: bob.scope) }?.code == .notFound)
            #expect(try await files.list(limit: 10, cursor: nil, in: bob.scope).records.isEmpty)
        }
    }

    @Test func `the list is in pages, the newest first, without archived ones`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let files = installation.storage.files
            var ids: [RecordID] = []
            for number in 0..<5 { ids.append(try await files.add(try file("f\(number)"), in: firm.scope).id) }
            _ = try await files.archive(ids[3], in: firm.scope)
            let first = try await files.list(limit: 2, cursor: nil, in: firm.scope)
            let second = try await files.list(limit: 2, cursor: first.nextCursor, in: firm.scope)
            let names = try (first.records + second.records).map { try JSONParser.parse($0.bytes)["name"] }
            #expect(names == ["f4", "f2", "f1", "f0"])
            #expect(second.nextCursor == nil)
            #expect(try JSONParser.parse(try await files.read(ids[3], in: firm.scope).bytes)["archived_at"] != .null)
        }
    }

    @Test func `contents can't be changed, not even by the owner of the tables`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            _ = try await installation.storage.files.add(try file(), in: firm.scope)
            for text in ["DELETE FROM files.chunk", "UPDATE files.content SET bytes = 1"] {
                await #expect(throws: DatabaseError.self) {
                    try await installation.database.ask(text, business: firm.scope.business)
                }
                try await TestInstallation.withDatabase(installation.place, as: .owner) { database in
                    await #expect(throws: DatabaseError.self) {
                        try await database.ask(text, business: firm.scope.business)
                    }
                }
            }
        }
    }
}
