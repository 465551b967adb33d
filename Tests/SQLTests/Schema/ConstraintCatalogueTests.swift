import HostModel
import HostSQL
import Testing

struct ConstraintCatalogueTests {
    @Test(arguments: [
        ("work_order_party_id_fkey", "23503", Problem.Code.validationFailed, "/party_id", "unknown_reference"),
        ("work_order_number_key", "23505", .alreadyExists, "/number", "already_exists"),
        ("work_order_external_id_key", "23505", .alreadyExists, "/external_id", "already_exists"),
        ("work_order_pkey", "23505", .alreadyExists, "/id", "already_exists"),
        ("work_order_planned_window_check", "23514", .validationFailed, "/ends_at", "planned_window"),
        ("work_order_summary_type", "23514", .validationFailed, "/summary", "out_of_range"),
    ])
    func `a broken constraint names its field`(
        constraint: String, state: String, code: Problem.Code, path: String, fault: String
    ) throws {
        let constraints = try Manifests.plan("work_order", of: "hs").constraints
        let problem = try #require(constraints.problem(sqlState: state, constraint: constraint, column: nil))
        #expect(problem.code == code)
        #expect(problem.faults.map(\.path) == [path])
        #expect(problem.faults.map(\.code) == [fault])
    }

    @Test func `columns that are unique together are found by their name`() throws {
        let constraints = try Manifests.plan("invoice_line", of: "core").constraints
        #expect(constraints["invoice_line_invoice_id_position_key"]?.path == "/invoice_id")
    }

    @Test func `a missing value names its column`() throws {
        let constraints = try Manifests.plan("work_order", of: "hs").constraints
        let problem = try #require(constraints.problem(sqlState: "23502", constraint: nil, column: "summary"))
        #expect(problem.faults.map(\.path) == ["/summary"])
        #expect(problem.faults.map(\.code) == ["required"])
    }

    @Test func `what the triggers refuse is a conflict`() throws {
        let constraints = try Manifests.plan("work_order", of: "hs").constraints
        func code(_ state: String) -> Problem.Code? {
            constraints.problem(sqlState: state, constraint: nil, column: nil)?.code
        }
        #expect(code("TB001") == .invalidTransition)
        #expect(code("TB002") == .versionConflict)
        #expect(code("TB003") == .conflict)
    }

    @Test(arguments: ["57014", "40001", "42501", "XX000"])
    func `an error that isn't the caller's doing has no problem`(state: String) throws {
        let constraints = try Manifests.plan("work_order", of: "hs").constraints
        #expect(constraints.problem(sqlState: state, constraint: nil, column: nil) == nil)
    }
}
