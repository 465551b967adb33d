import HostModel
import Testing

@testable import HostGateway

struct LineBudgetTests {
    private func moment(_ milliseconds: Int64) -> Timestamp { Timestamp(microseconds: milliseconds * 1_000) }

    @Test func `a second has ten lines, and the next one says how many were left out`() {
        var budget = LineBudget()
        let first = (0..<25).map { budget.admit(at: moment(5_000 + $0)) }
        #expect(first == Array(repeating: 0, count: 10) + Array(repeating: nil, count: 15))
        #expect(budget.admit(at: moment(6_000)) == 15)
        #expect(budget.admit(at: moment(6_001)) == 0)
    }

    @Test func `a few refusals each have their line`() {
        var budget = LineBudget()
        #expect((0..<20).allSatisfy { budget.admit(at: moment($0 * 200)) == 0 })
    }

    @Test func `a clock that jumps back doesn't stop the lines`() {
        var budget = LineBudget()
        for _ in 0..<11 { _ = budget.admit(at: moment(9_000)) }
        #expect(budget.admit(at: moment(2_000)) == 1)
    }
}
