import HostManifest
import HostModel
import HostSQL
import Testing

struct StatementTests {
    @Test func `a document with lines has the committed statements`() throws {
        try GoldenFile(name: "hs.work_order.queries.sql").expect(
            try Self.text(of: Manifests.plan("work_order", of: "hs")))
    }

    @Test func `a mount has the committed statements`() throws {
        try GoldenFile(name: "hs.customers.queries.sql").expect(try Self.text(of: Manifests.customers()))
    }

    @Test func `lines have the committed statements`() throws {
        let plan = try Manifests.plan("work_order_line", of: "hs")
        let delete = try plan.deleteChildren(of: Sample.record, by: Sample.context())
        try GoldenFile(name: "hs.work_order_line.queries.sql").expect(
            try Self.text(of: plan) + Self.text(of: [delete]))
    }

    @Test func `one name never has two texts`() throws {
        var texts: [String: String] = [:]
        for plan in [try Manifests.plan("party", of: "core"), try Manifests.customers()] {
            for command in try Self.commands(of: plan) {
                let name = try #require(command.statement.name)
                #expect(texts.updateValue(command.statement.text, forKey: name) == nil, "\(name) is there twice")
                #expect(name.utf8.count <= 63)
            }
        }
    }

    private static func commands(of plan: EntityPlan) throws -> [SQLCommand] {
        var commands: [SQLCommand] = []
        for scope in [RecordScope.business, .own(Sample.user)] {
            let context = Sample.context(scope)
            commands += [plan.read(Sample.record, for: scope), plan.lock(Sample.record, for: scope)]
            commands += [try plan.update(Sample.record, version: 1, values: [:], by: context)]
            if plan.entity.isArchivable { commands += [try plan.archive(Sample.record, version: 1, by: context)] }
            for transition in plan.entity.states?.transitions ?? [] {
                commands += [
                    try plan.transition(Sample.record, transition.name, version: 1, reason: "why", by: context)
                ]
            }
            commands.append(plan.list(ListQuery(), for: scope))
        }
        commands += lists(of: plan).map { plan.list($0, for: .business) }
        return commands + [try plan.create(NewRecord(id: Sample.record, values: [:]), by: Sample.context())]
    }

    /// A page of every sort from every start, the newest first apart.
    private static func lists(of plan: EntityPlan) -> [ListQuery] {
        var queries: [ListQuery] = []
        for column in plan.entity.sorts {
            for sort in [ListQuery.Sort(column), ListQuery.Sort(column, isDescending: true)] {
                if sort != ListQuery().sort { queries.append(ListQuery(sort: sort)) }
                queries.append(ListQuery(sort: sort, position: .init(key: "key", id: Sample.record)))
                let isNullable = plan.table.column(column)?.isNullable == true
                if isNullable { queries.append(ListQuery(sort: sort, position: .init(key: nil, id: Sample.record))) }
            }
        }
        return queries
    }

    private static func text(of plan: EntityPlan) throws -> String { text(of: try commands(of: plan)) }

    private static func text(of commands: [SQLCommand]) -> String {
        commands.map { "-- \($0.statement.name ?? "(no name)")\n\($0.statement.text);\n\n" }.joined()
    }
}
