import Foundation
import HostModel
import HostSQL
import Testing

struct SearchPlanTests {
    private func text(_ counts: [Int64]) throws -> String {
        let plan = try Manifests.plan("party", of: "core")
        var query = ListQuery(search: "x")
        query.searchPlan = SearchPlan.plan(
            counts.enumerated().map { (SearchTerm(word: "w\($0)", beginnings: ["w\($0)"]), $1) })
        return plan.list(query, for: .business).statement.text
    }

    /// `C` where a term's records are fetched, `S` where rows are sifted, `W` where their words are compared.
    private func roles(_ counts: Int64...) throws -> String {
        let text = try text(counts)
        func count(_ piece: String) -> Int { text.components(separatedBy: piece).count - 1 }
        return String(repeating: "C", count: count("OFFSET 0) t"))
            + String(repeating: "S", count: count(")) IS TRUE"))
            + String(repeating: "W", count: count("EXISTS (SELECT FROM unnest(search.words("))
    }

    @Test func `the rarest word leads as long as few records have it`() throws {
        #expect(try roles(0) == "C")
        #expect(try roles(4_000) == "C")
        #expect(try roles(4_001) == "S")
        #expect(try roles(50_001) == "W")
    }

    @Test func `other words are looked up, or compared where that is less work`() throws {
        #expect(try roles(3_000, 2_000) == "CS")
        #expect(try roles(30_000, 10) == "CW")
        #expect(try roles(30_000, 10_000) == "SS")
        #expect(try roles(50_001, 10_000) == "SW")
        #expect(try roles(50_001, 50_001) == "WW")
    }

    @Test func `a search is never part of a prepared statement's text`() throws {
        let plan = try Manifests.plan("party", of: "core")
        var query = ListQuery(search: "x")
        query.searchPlan = SearchPlan.plan([(SearchTerm(word: "'; --", beginnings: ["'; --"]), 1)])
        let command = plan.list(query, for: .business)
        #expect(!command.statement.text.contains("'; --"))
        #expect(command.statement.name == nil)
    }

    @Test func `words beside each other are terms, digits also one number`() {
        func beginnings(_ tokens: String...) -> [[String]] { SearchTerm.terms(of: tokens).map(\.beginnings) }
        #expect(beginnings("ann", "miller") == [["ann"], ["miller"]])
        #expect(beginnings("555", "123", "4567").first == ["555", "5551234567"])
        #expect(
            beginnings("0612", "345678") == [
                ["0612", "0612345678", "612", "612345678"], ["345678", "0612345678", "612345678"],
            ])
        #expect(beginnings("inv", "000007") == [["inv"], ["000007", "7"]])
        #expect(beginnings("12", "ann", "34") == [["12"], ["ann"], ["34"]])
        #expect(beginnings("000") == [["000"]])
    }

    @Test(arguments: [
        ("a", "too_short"), ("  -- ", "too_short"), ("!", "too_short"), ("a b c d e f g h i", "too_many"),
    ]) func `a search without words, or with too many, is refused`(text: String, code: String) throws {
        let plan = try Manifests.plan("party", of: "core")
        let refused = #expect(throws: Problem.self) { try ListQuery.parse([(name: "q", value: text)], for: plan) }
        #expect(refused?.faults == [.init(path: "q", code: code, detail: refused?.faults.first?.detail ?? "")])
    }

    @Test(arguments: ["ab", "é7", "O'Brien's a b c d e f g", "東京"])
    func `a search of some characters is taken`(text: String) throws {
        let plan = try Manifests.plan("party", of: "core")
        #expect(try ListQuery.parse([(name: "q", value: text)], for: plan).search == text)
    }

    @Test func `words that the database counts are held to the same bounds`() {
        #expect(throws: Problem.self) { try SearchPlan.check([]) }
        #expect(throws: Problem.self) { try SearchPlan.check(Array(repeating: "a", count: 9)) }
        #expect(throws: Never.self) { try SearchPlan.check(["a"]) }
    }
}

struct SearchTyposTests {
    @Test func `every single slip is among the spellings`() {
        let spellings = SearchTypos.spellings(of: "smiht")
        #expect(spellings.first == "msiht")
        for slip in ["smith", "smint", "smihxt", "xsmiht", "smit", "smht"] {
            #expect(spellings.contains(slip), "\(slip)")
        }
        // Without its last letter a word begins too much.
        #expect(!spellings.contains("smih"))
        #expect(!spellings.contains("smiht"))
        #expect(Set(spellings).count == spellings.count)
    }

    @Test(arguments: ["abc", "12345678", "abcdefghijklmnop", ""])
    func `short and long words and numbers have none`(word: String) {
        #expect(SearchTypos.spellings(of: word).isEmpty)
    }

    @Test func `letters of other alphabets are moved and left out, none is put in`() {
        #expect(SearchTypos.spellings(of: "миша").contains("мшиа"))
        #expect(SearchTypos.spellings(of: "миша").contains("иша"))
    }

    @Test func `their number has a bound`() {
        #expect(SearchTypos.spellings(of: "abcdefghijklmno").count < 1_200)
    }
}
