import HostModel
import Testing

// FilterText is a detail of the parser; what it makes of an escape is seen best alone.
@testable import HostSQL

struct ListQueryTests {
    private static func parse(_ parameters: (String, String)...) throws(Problem) -> ListQuery {
        guard let plan = try? Manifests.plan("work_order", of: "hs") else { return ListQuery() }
        return try ListQuery.parse(parameters.map { (name: $0.0, value: $0.1) }, for: plan)
    }

    @Test func `nothing asked for is the newest fifty`() throws {
        #expect(try Self.parse() == ListQuery(limit: 50, sort: .init("created_at", isDescending: true)))
    }

    @Test func `everything asked for is understood`() throws {
        let query = try Self.parse(
            ("limit", "20"), ("sort", "-number"), ("cursor", "abc"), ("q", "leak"),
            ("filter[status]", "in:draft,scheduled"),
            ("filter[total_minor]", "gte:100"), ("filter[starts_at]", "null:false"), ("filter[priority]", "urgent"))
        #expect(query.limit == 20)
        #expect(query.sort == .init("number", isDescending: true))
        #expect(query.cursor == "abc")
        #expect(query.search == "leak")
        #expect(
            query.filters == [
                Filter("status", .oneOf, ["draft", "scheduled"]), Filter("total_minor", .greaterOrEqual, ["100"]),
                Filter("starts_at", .isNull, ["false"]), Filter("priority", .equal, ["urgent"]),
            ])
    }

    @Test func `a time is compared as it is, colons and all`() throws {
        let query = try Self.parse(
            ("filter[starts_at]", "gte:2026-11-22T15:00:00Z"), ("filter[ends_at]", "2026-11-22T15:00:00Z"))
        #expect(query.filters.map(\.values) == [["2026-11-22T15:00:00Z"], ["2026-11-22T15:00:00Z"]])
    }

    @Test(arguments: [
        (#"in:a\,b,c"#, ["a,b", "c"]), (#"in:a\\,b"#, [#"a\"#, "b"]), (#"in:\a"#, [#"\a"#]), (#"in:a\"#, [#"a\"#]),
        ("in:,", ["", ""]), ("between:a,z", ["a", "z"]), (#"prefix:a,b\"#, [#"a,b\"#]),
        ("in:é\u{301}\\,x", ["é\u{301},x"]),
    ])
    func `a backslash takes a comma into the value where commas are between values`(
        text: String, values: [String]
    ) throws {
        #expect(FilterText(text).values == values)
    }

    @Test func `the comparisons of texts and sets are told apart`() throws {
        let plan = try Manifests.plan("party", of: "core")
        let query = try ListQuery.parse(
            [
                (name: "filter[roles]", value: "contains:customer"),
                (name: "filter[display_name]", value: "contains:Ann"),
                (name: "filter[email]", value: "prefix:Ann@"), (name: "filter[roles]", value: "ne:vendor"),
                (name: "filter[payment_terms_days]", value: "between:0,30"),
            ], for: plan)
        #expect(
            query.filters == [
                Filter("roles", .equal, ["customer"]), Filter("display_name", .contains, ["Ann"]),
                Filter("email", .prefix, ["ann@"]), Filter("roles", .notEqual, ["vendor"]),
                Filter("payment_terms_days", .between, ["0", "30"]),
            ])
    }

    @Test func `fields are put into the record's order, with id and version`() throws {
        let query = try Self.parse(("fields", "status,party,number"), ("count", "exact"))
        #expect(query.selection.members == ["id", "version", "number", "party_id", "status"])
        #expect(query.count == .exact)
    }

    @Test(arguments: [
        ("limit", "0", "out_of_range"), ("limit", "201", "out_of_range"), ("limit", "ten", "out_of_range"),
        ("sort", "summary", "unknown_sort"), ("sort", "", "unknown_sort"), ("offset", "10", "unknown_parameter"),
        ("q", "", "out_of_range"), ("filter[nothing]", "1", "unknown_field"),
        ("filter[business_id]", "1", "unknown_field"),
        ("filter[custom]", "{}", "unknown_field"), ("filter[archived]", "true", "unknown_field"),
        ("filter[status]", "asleep", "format"), ("filter[party_id]", "1", "format"),
        ("filter[total_minor]", "1.5", "format"), ("filter[total_minor]", "in:1,x", "format"),
        ("filter[starts_at]", "2026-02-30T00:00:00Z", "format"), ("filter[starts_at]", "null:maybe", "format"),
        ("filter[summary]", "lt:a", "comparison"), ("filter[status]", "gt:draft", "comparison"),
        ("filter[total_minor]", "between:1", "format"), ("filter[total_minor]", "between:1,2,3", "format"),
        ("filter[total_minor]", "prefix:1", "comparison"), ("filter[party_id]", "contains:1", "comparison"),
        ("filter[status]", "prefix:dr", "comparison"), ("filter[summary]", "between:a,b", "comparison"),
        ("filter[summary]", "prefix:", "format"), ("filter[summary]", "contains:", "format"),
        ("fields", "number,lines", "unknown_field"), ("fields", "", "unknown_field"),
        ("fields", "business_id", "unknown_field"), ("count", "all", "format"),
        ("filter[status]\"; DROP TABLE x; --", "1", "unknown_parameter"),
        ("filter[id\" = id OR \"id]", "1", "unknown_field"),
    ])
    func `a wrong parameter is refused by name`(name: String, value: String, code: String) throws {
        let problem = try #require(throws: Problem.self) { try Self.parse((name, value)) }
        #expect(problem.code == .validationFailed)
        #expect(problem.faults.map(\.path) == [name])
        #expect(problem.faults.map(\.code) == [code])
    }

    @Test(arguments: [
        ("filter[total_minor][gt]", "1", "filter[total_minor]=gt:1"),
        ("filter[custom.floor][lte]", "7", "filter[custom.floor]=lte:7"),
    ])
    func `a comparison in brackets of its own is told how it is written here`(
        name: String, value: String, hint: String
    ) throws {
        let problem = try #require(throws: Problem.self) { try Self.parse((name, value)) }
        #expect(problem.faults.map(\.code) == ["unknown_field"])
        #expect(problem.faults[0].detail == "The comparison stands before the value: write \(hint).")
        let other = try #require(throws: Problem.self) { try Self.parse(("filter[total_minor][more]", "1")) }
        #expect(!other.faults[0].detail.contains("write"))
    }

    @Test func `a parameter given twice is refused`() throws {
        let problem = try #require(throws: Problem.self) { try Self.parse(("limit", "10"), ("limit", "20")) }
        #expect(problem.faults.map(\.code) == ["duplicate_parameter"])
    }

    @Test func `an unknown sort names the allowed ones`() throws {
        let problem = try #require(throws: Problem.self) { try Self.parse(("sort", "summary")) }
        #expect(problem.faults.first?.detail.contains("created_at, number, starts_at") == true)
    }

    @Test func `lists that differ in a filter have different fingerprints`() throws {
        let one = try Self.parse(("filter[customer_po]", "in:a,b"))
        let other = try Self.parse(("filter[customer_po]", "in:a"), ("filter[customer_po]", "in:b"))
        #expect(one.fingerprint != other.fingerprint)
        #expect(one.fingerprint == (try Self.parse(("filter[customer_po]", "in:a,b"), ("limit", "7"))).fingerprint)
    }
}
