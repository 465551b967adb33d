import HostModel
import Testing

// What is kept can't be seen in the statements of a plan.
@testable import HostSQL

struct KeptStatementsTests {
    /// Asks for a shape so often, and says what it got and how often it was put together.
    private static func ask(
        _ kept: KeptStatements<String>, _ shape: String, times: Int, isNameable: Bool = true
    ) -> (last: SQLStatement?, makes: Int) {
        var makes = 0
        var last: SQLStatement?
        for _ in 0..<times {
            last = kept.statement(shape, isNameable: isNameable) { shape in
                makes += 1
                return SQLStatement(name: nil, text: "SELECT \(shape)")
            }
        }
        return (last, makes)
    }

    @Test func `a shape is put together once, and named when it is asked for again and again`() {
        let kept = KeptStatements<String>(name: "t.list")
        let few = Self.ask(kept, "a", times: KeptStatementsBound.usesForName - 1)
        #expect(few.makes == 1)
        #expect(few.last == SQLStatement(name: nil, text: "SELECT a"))
        let more = Self.ask(kept, "a", times: 1)
        #expect(more.makes == 0)
        #expect(more.last == SQLStatement(name: "t.list.kept.1", text: "SELECT a"))
    }

    @Test func `a shape that has no one plan for all values is kept without a name`() {
        let kept = KeptStatements<String>(name: "t.list")
        let answer = Self.ask(kept, "a", times: 50, isNameable: false)
        #expect(answer.makes == 1)
        #expect(answer.last?.name == nil)
    }

    @Test func `so many get names, and keep them`() {
        let kept = KeptStatements<String>(name: "t.list")
        let names = (0...KeptStatementsBound.namesMax).map { number in
            Self.ask(kept, "\(number)", times: KeptStatementsBound.usesForName).last?.name
        }
        #expect(names.dropLast() == (1...KeptStatementsBound.namesMax).map { "t.list.kept.\($0)" }[...])
        #expect(names.last == .some(nil))
        #expect(Self.ask(kept, "0", times: 1).last?.name == "t.list.kept.1")
    }

    @Test func `shapes that nobody asks for again make way, named ones stay`() {
        let kept = KeptStatements<String>(name: "t.list")
        _ = Self.ask(kept, "often", times: KeptStatementsBound.usesForName)
        for number in 0..<KeptStatementsBound.shapesMax * 2 { _ = Self.ask(kept, "\(number)", times: 1) }
        #expect(Self.ask(kept, "0", times: 1).makes == 1)
        #expect(Self.ask(kept, "often", times: 1).makes == 0)
    }

    @Test func `a list and a read with an include are prepared at last, each for whom it is`() throws {
        let plan = try Manifests.plan("work_order", of: "hs")
        let party = try #require(plan.inclusions.first { $0.member == "party" })
        func selection(_ isOwn: Bool) -> RecordSelection {
            RecordSelection(
                includes: [Included(party, access: [.init(mount: nil, isOwn: isOwn)])],
                viewer: isOwn ? Sample.user : nil)
        }
        var names: [String?] = []
        for _ in 0..<KeptStatementsBound.usesForName {
            names = [false, true].flatMap { isOwn in
                [
                    plan.list(ListQuery(selection: selection(isOwn)), for: .business).statement.name,
                    plan.read(Sample.record, selection(isOwn), for: .business).statement.name,
                ]
            }
        }
        #expect(
            names == [
                "hs.work_order.list.kept.1", "hs.work_order.read.kept.1", "hs.work_order.list.kept.2",
                "hs.work_order.read.kept.2",
            ])
    }
}
