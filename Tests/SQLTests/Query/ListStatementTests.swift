import HostModel
import HostSQL
import Testing

struct ListStatementTests {
    @Test func `a page asks for one record more than its limit`() throws {
        let plan = try Manifests.plan("work_order", of: "hs")
        #expect(plan.list(ListQuery(limit: 20), for: .business).parameters == ["21"])
    }

    @Test func `parameters come in the order of their numbers`() throws {
        let plan = try Manifests.customers()
        var query = ListQuery(
            limit: 10, sort: .init("display_name"),
            filters: [
                Filter("roles", .oneOf, ["vendor", "contact"]), Filter("notes", .isNull, ["true"]),
                Filter("payment_terms_days", .greater, ["30"]),
            ], archived: .any, search: "Miller ann", position: .init(key: "Ann", id: Sample.record))
        query.searchPlan = SearchPlan.plan([(Self.term("miller"), 5_000), (Self.term("ann"), 4_000)])
        let command = plan.list(query, for: .own(Sample.user))
        #expect(
            command.parameters == [
                "11", #"{"vendor","contact"}"#, "30", #"{"miller"}"#, "{\"miller\u{10FFFF}\"}", #"{"ann"}"#,
                "{\"ann\u{10FFFF}\"}", Sample.user.description, "Ann", Sample.record.description,
            ])
        #expect(command.statement.text.contains("unnest($6::text[], $7::text[]) AS p(low, high)"))
        #expect(command.statement.text.contains(#"t."roles" && $2::text[] AND t."notes" IS NULL"#))
        #expect(command.statement.text.contains(#"(t."display_name", t."id") > ($9::text, $10::uuid)"#))
        #expect(command.statement.name == nil)
    }

    @Test func `a prefix is a range, so that an index serves it under row-level security`() throws {
        let plan = try Manifests.plan("party", of: "core")
        let command = plan.list(ListQuery(filters: [Filter("email", .prefix, ["ann"])]), for: .business)
        #expect(command.statement.text.contains(#"(t."email" ~>=~ $2::text AND t."email" ~<~ $3::text)"#))
        #expect(command.parameters == ["51", "ann", "ann\u{10FFFF}"])
    }

    @Test func `eq and ne are each other's rest, for values and for sets`() throws {
        let plan = try Manifests.plan("party", of: "core")
        func text(_ filter: Filter) -> String { plan.list(ListQuery(filters: [filter]), for: .business).statement.text }
        #expect(text(Filter("email", .notEqual, ["a@b"])).contains(#"t."email" IS DISTINCT FROM $2::text"#))
        #expect(text(Filter("roles", .notEqual, ["vendor"])).contains(#"($2::text = ANY (t."roles")) IS NOT TRUE"#))
    }

    @Test func `chosen members are shown, all columns are read`() throws {
        let plan = try Manifests.plan("party", of: "core")
        let selection = RecordSelection(members: ["id", "version", "email"])
        let command = plan.list(ListQuery(selection: selection), for: .business)
        #expect(
            command.statement.text.hasPrefix(
                #"SELECT (SELECT row_to_json(m) FROM (SELECT r."id", r."version", r."email") m)::text"#))
        #expect(command.statement.name == nil)
    }

    @Test func `a count has the list's conditions and neither its order nor its place`() throws {
        let plan = try Manifests.customers()
        var query = ListQuery(
            sort: .init("display_name"), filters: [Filter("email", .prefix, ["ann"])], count: .capped,
            position: .init(key: "Ann", id: Sample.record))
        let capped = try #require(plan.count(query, for: .own(Sample.user)))
        #expect(capped.parameters == ["ann", "ann\u{10FFFF}", Sample.user.description])
        #expect(capped.statement.text.hasSuffix("LIMIT 1001) c"))
        #expect(capped.statement.text.contains(#"'customer' = ANY (t."roles")"#))
        query.count = .exact
        #expect(try #require(plan.count(query, for: .business)).statement.text.contains("LIMIT") == false)
        query.count = .none
        #expect(plan.count(query, for: .business) == nil)
    }

    @Test func `only long pages are bound in the database`() throws {
        let plan = try Manifests.plan("party", of: "core")
        let short = plan.list(ListQuery(limit: 50), for: .business).statement
        let long = plan.list(ListQuery(limit: 51), for: .business).statement
        #expect(!short.text.contains("octet_length(q.json)"))
        #expect(long.text.contains("WHERE p.bytes - octet_length(p.json) <= 4194304"))
        #expect(
            short.name == "core.party.list.-created_at.first" && long.name == "core.party.list.long.-created_at.first")
    }

    @Test func `a list by one indexed value is prepared, by another one it isn't`() throws {
        let plan = try Manifests.plan("work_order", of: "hs")
        let byStatus = ListQuery(filters: [Filter("status", .equal, ["draft"])])
        let byPriority = ListQuery(filters: [Filter("priority", .equal, ["high"])])
        #expect(plan.list(byStatus, for: .business).statement.name == "hs.work_order.list.-created_at.first=status")
        #expect(plan.list(byPriority, for: .business).statement.name == nil)
    }

    @Test func `archived records are hidden unless asked for`() throws {
        let plan = try Manifests.plan("party", of: "core")
        func text(_ archived: ListQuery.Archived) -> String {
            plan.list(ListQuery(archived: archived), for: .business).statement.text
        }
        #expect(text(.hidden).contains(#"t."archived_at" IS NULL"#))
        #expect(text(.only).contains(#"t."archived_at" IS NOT NULL"#))
        #expect(!text(.any).contains(#""archived_at" IS"#))
    }

    @Test func `no value of a request is in a text`() throws {
        let plan = try Manifests.plan("party", of: "core")
        let evil = "'; DROP TABLE x; --"
        var query = ListQuery(
            filters: [Filter("notes", .equal, [evil]), Filter("email", .oneOf, [evil])], search: evil,
            position: .init(key: evil, id: Sample.record))
        query.searchPlan = SearchPlan.plan([(Self.term(evil), 1)])
        #expect(!plan.list(query, for: .business).statement.text.contains("DROP"))
        #expect(try !plan.find(matching: ["notes": .string(evil)], limit: 1).statement.text.contains("DROP"))
    }

    private static func term(_ word: String) -> SearchTerm { SearchTerm(word: word, beginnings: [word]) }

    @Test func `finding takes equal values, null and an unknown name apart`() throws {
        let plan = try Manifests.plan("work_order", of: "hs")
        let party = JSONValue.string(Sample.record.description)
        let command = try plan.find(matching: ["party": party, "number": .null], limit: 5)
        #expect(command.parameters == [Sample.record.description, "5"])
        #expect(command.statement.text.contains(#"t."number" IS NULL AND t."party_id" = $1::uuid"#))
        let problem = try #require(throws: Problem.self) { try plan.find(matching: ["nothing": 1], limit: 1) }
        #expect(problem.faults.map(\.code) == ["unknown_field"])
    }
}
