import Foundation
import HostAuth
import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import NIOCore
import Testing

/// Fields that a business keeps for some roles: what everybody else can't find out.
struct CustomVeilTests {
    /// A library whose books, chapters and authors have a field `secret` for readers, and `plain` for all.
    private struct Library {
        let installation: TestInstallation
        let firm: SignedUp
        /// Of an owner, who is no reader, as the host makes it from the database.
        let owner: TenantScope
        let book: EntityPlan
        let author: EntityPlan
        let chapter: EntityPlan

        var records: RecordStore { installation.storage.records }

        /// Made by somebody who sees all: an author, and a book of hers with one chapter.
        func shelved() async throws -> (author: RecordID, book: RecordID) {
            let author = try await make(author, ["name": "Ada"])
            let book = try await make(book, ["title": "Notes", "author": .string(author.description)])
            _ = try await make(
                chapter,
                [
                    "book": .string(book.description), "position": 1, "heading": "G",
                    "translator": .string(author.description),
                ])
            return (author, book)
        }

        private func make(_ plan: EntityPlan, _ values: [String: JSONValue]) async throws -> RecordID {
            let custom: [String: JSONValue] = ["custom": ["secret": "hush", "plain": "open"]]
            let made = try await records.create(plan, values.merging(custom) { $1 }, in: firm.scope)
            return try #require(made.madeID)
        }

        func fields(_ scope: TenantScope) async throws -> CustomFields {
            try await records.customFields(of: book, for: [(name: "filter[custom.x]", value: "")], in: scope)
        }
    }

    private func withLibrary(_ test: (Library) async throws -> Void) async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            let plans = try ["book", "author", "chapter"].map { try installation.plan("lists", $0) }
            for plan in plans {
                try await installation.addField("secret", .text, visibleTo: ["reader"], to: plan, firm)
                try await installation.addField("plain", .text, to: plan, firm)
            }
            try await test(
                Library(
                    installation: installation, firm: firm, owner: try await installation.veiled(firm),
                    book: plans[0], author: plans[1], chapter: plans[2]))
        }
    }

    @Test func `roles decide what is hidden, of archived fields too, in one business`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let other = try await installation.signUp("bob@example.com")
            let plan = try installation.plan("core", "party")
            try await installation.addField("mine", .text, visibleTo: ["admin", "owner"], to: plan, firm)
            try await installation.addField("open", .text, to: plan, firm)
            try await installation.addField("theirs", .text, visibleTo: ["technician"], to: plan, firm)
            let past = try await installation.addField("past", .text, visibleTo: ["technician"], to: plan, firm)
            let id = try #require(past["id"]?.string.flatMap { RecordID($0) })
            _ = try await installation.storage.customFields.archive(id, version: 1, in: firm.scope)
            let veils = [
                try await installation.veiled(firm).veil, try await installation.veiled(other).veil,
            ]
            #expect(veils[0].keys(of: "core.party") == ["theirs", "past"])
            #expect(veils[1].isNone)
        }
    }

    @Test func `no answer about records shows it, whatever it is about`() async throws {
        try await withLibrary { library in
            let (author, book) = try await library.shelved()
            let (records, scope) = (library.records, library.owner)
            var selection = ["include": "author,chapters.translator"].map { (name: $0.key, value: $0.value) }
            let access = [Included.Access(mount: nil, isOwn: false)]
            var seen = try library.book.selection(selection)
            seen.includes = seen.includes.map { $0.reached(by: access) }
            var answers = [
                try await records.read(library.book, book, in: scope, reach: .business).json.text,
                try await records.read(library.book, book, seen, in: scope, reach: .business).json.text,
                try await records.update(
                    library.book, book, version: 1, ["title": "Notes 2"], in: scope, reach: .business
                ).json.text,
                try await records.transition(
                    library.book, book, "shelve", version: nil, reason: nil, in: scope, reach: .business
                ).json.text,
                try await records.archive(library.author, author, version: 1, in: scope, reach: .business).json.text,
                try await records.history(library.book, book, limit: 9, cursor: nil, in: scope, reach: .business)
                    .records.map(\.text).joined(),
            ]
            selection.append((name: "fields", value: "title,custom"))
            var query = try ListQuery.parse(selection, for: library.book)
            query.selection.includes = query.selection.includes.map { $0.reached(by: access) }
            answers.append(
                try await records.list(library.book, query, in: scope, reach: .business).records.map(\.text).joined())
            for answer in answers { #expect(!answer.contains("hush") && !answer.contains("secret"), "\(answer)") }
            // What the others see is there, in the lines and in what is included too.
            #expect(answers[1].components(separatedBy: "\"open\"").count == 5)
            let all = try await records.read(library.book, book, in: library.firm.scope, reach: .business)
            #expect(all.json.text.contains("hush"))
        }
    }

    @Test func `exports and the audit trail leave it out`() async throws {
        try await withLibrary { library in
            let (_, book) = try await library.shelved()
            _ = try await library.records.update(
                library.book, book, version: 1, ["custom": ["secret": "still", "plain": "more"]],
                in: library.firm.scope, reach: .business)
            var texts: [String] = []
            for format in ["csv", "ndjson"] {
                var text = ""
                try await library.installation.storage.exports.export(
                    library.book, try ExportQuery.parse([("format", format)], for: library.book),
                    as: Permission("lists.book.export"), in: library.owner, reach: .business
                ) { text += String(buffer: $0) }
                texts.append(text)
            }
            let page = try await library.installation.storage.audit.list(.init(limit: 200), in: library.owner)
            texts.append(page.records.map(\.text).joined())
            for text in texts { #expect(!text.contains("hush") && !text.contains("still"), "\(text)") }
            #expect(texts.allSatisfy { $0.contains("more") })
            let whole = try await library.installation.storage.audit.list(.init(limit: 200), in: library.firm.scope)
            #expect(whole.records.contains { $0.text.contains("hush") })
        }
    }

    @Test func `it is neither written nor asked for, and no refusal tells that it is there`() async throws {
        try await withLibrary { library in
            let (_, book) = try await library.shelved()
            let records = library.records
            let there = await problem {
                _ = try await records.create(
                    library.book, ["title": "A", "custom": ["secret": "x"]], in: library.owner)
            }
            let nowhere = await problem {
                _ = try await records.create(
                    library.book, ["title": "A", "custom": ["secreu": "x"]], in: library.owner)
            }
            #expect(there?.faults.map(\.code) == ["unknown_field"])
            #expect(there?.faults.map(\.detail) == nowhere?.faults.map(\.detail))
            let asked = ["secret", "secreu"].map { key in
                (key, [(name: "filter[custom.\(key)]", value: "hush")])
            }
            let fields = try await library.fields(library.owner)
            let refusals = asked.map { key, filter -> String? in
                do throws(Problem) {
                    _ = try ListQuery.parse(filter, for: library.book, custom: fields)
                    return nil
                } catch {
                    return error.faults.first?.detail.replacing(key, with: "…")
                }
            }
            #expect(refusals[0] != nil && refusals[0] == refusals[1])
            _ = try await records.update(
                library.book, book, version: 1, ["custom": ["plain": nil]], in: library.owner, reach: .business)
            let kept = try await records.read(library.book, book, in: library.firm.scope, reach: .business)
            #expect(try JSONParser.parse(kept.json.bytes)["custom"] == ["secret": "hush"])
        }
    }

    @Test func `what somebody doesn't see isn't required of them`() async throws {
        try await withLibrary { library in
            try await library.installation.addField(
                "must", .int, required: true, visibleTo: ["reader"], to: library.book, library.firm)
            let owner = try await library.installation.veiled(library.firm)
            let made = try await library.records.create(library.book, ["title": "A"], in: owner)
            #expect(try JSONParser.parse(made.json.bytes)["custom"] == [:])
            let refused = await problem {
                _ = try await library.records.create(library.book, ["title": "A"], in: library.firm.scope)
            }
            #expect(refused?.faults.map(\.path) == ["/custom/must"])
        }
    }

    @Test func `an operation works for its caller, and leaves alone what they don't see`() async throws {
        try await withLibrary { library in
            let (_, book) = try await library.shelved()
            let reference = library.book.reference
            let terms = TransactionTerms(
                principal: try await library.installation.principal(library.firm),
                request: RequestID(library.firm.grant.user.uuid), scope: .business,
                isReadOnly: false, timeout: .seconds(20))
            let texts = try await library.installation.storage.operations.run(terms) { store throws(Problem) in
                let read = try await store.read(reference, book, locked: false)
                let found = try await store.find(reference, matching: ["title": "Notes"], limit: 5)
                let changed = try await store.update(reference, book, version: 1, ["custom": ["plain": "more"]])
                return [read?.json.text, found.first?.json.text, changed.json.text].compactMap(\.self)
            }
            #expect(texts.count == 3)
            for text in texts { #expect(!text.contains("hush"), "\(text)") }
            let refused = await problem {
                try await library.installation.storage.operations.run(terms) { store throws(Problem) in
                    _ = try await store.update(reference, book, version: 2, ["custom": ["secret": "mine"]])
                }
            }
            #expect(refused?.faults.map(\.code) == ["unknown_field"])
            let kept = try await library.records.read(library.book, book, in: library.firm.scope, reach: .business)
            #expect(try JSONParser.parse(kept.json.bytes)["custom"] == ["secret": "hush", "plain": "more"])
        }
    }

    @Test func `a file can't write it, and the business as a whole doesn't leave with it`() async throws {
        try await ImportFixture.make { fixture in
            let plan = try fixture.installation.plan("core", "party")
            try await fixture.installation.addField("margin", .int, visibleTo: ["technician"], to: plan, fixture.firm)
            let job = try await fixture.imported(
                "display_name,Margin\nAnn,2\n", mapping: ["columns": ["Margin": "custom.margin"]])
            #expect(job["status"] == "failed")
            #expect(job["failure"]?["errors"]?[0]?["path"] == "/mapping/columns/Margin")
            #expect(job["failure"]?["errors"]?[0]?["code"] == "unknown_field")
            let owner = try await fixture.installation.veiled(fixture.firm)
            let refused = await problem {
                try await fixture.installation.storage.bundles.export(in: owner) { _ in }
            }
            #expect(refused?.code == .forbidden)
        }
    }

    @Test func `a change of its roles is there at the next check of a credential`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let plan = try installation.plan("core", "party")
            let field = try await installation.addField("note", .text, to: plan, firm)
            let id = try #require(field["id"]?.string.flatMap { RecordID($0) })
            let credentials = installation.credentials
            let now = installation.clock.now()
            credentials.insert("token", firm.principal, credentials.begin(at: now))
            let hidden = try await installation.storage.customFields.change(
                id, version: 1, ["visible_to_roles": ["technician"]], in: firm.scope)
            #expect(try JSONParser.parse(hidden.json.bytes)["visible_to_roles"] == ["technician"])
            #expect(credentials.lookup("token", at: now) == nil)
            #expect(try await installation.veiled(firm).veil.keys(of: "core.party") == ["note"])
            let shown: [String: JSONValue] = ["visible_to_roles": []]
            _ = try await installation.storage.customFields.change(id, version: 2, shown, in: firm.scope)
            #expect(try await installation.veiled(firm).veil.isNone)
        }
    }
}

extension TestInstallation {
    /// The owner as a request knows them: with what the database says of their roles.
    func principal(_ firm: SignedUp) async throws -> Principal {
        let facts = try await storage.sessions.facts(of: firm.claims(at: clock.now()))
        return Principal(
            business: firm.grant.business, user: firm.grant.user, session: firm.grant.session, roles: facts.roles,
            permissions: .none, tier: facts.business.tier, veil: facts.veil, expires: firm.principal.expires)
    }

    func veiled(_ firm: SignedUp) async throws -> TenantScope {
        TenantScope(try await principal(firm), request: nil)
    }
}

extension Included {
    /// With the access that a gate gives, here and below.
    fileprivate func reached(by access: [Access]) -> Included {
        Included(inclusion, nested: nested.map { $0.reached(by: access) }, access: access)
    }
}
