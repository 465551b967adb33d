import Foundation
import HostManifest
import HostModel
import HostSQL
import Testing

struct WriteTests {
    /// The document parameter of a write.
    private static func document(_ command: SQLCommand) throws -> JSONValue {
        try JSONParser.parse(Array(try #require(command.parameters[5]).utf8))
    }

    @Test func `a new record gets its defaults`() throws {
        let plan = try Manifests.plan("party", of: "core")
        let record = NewRecord(id: Sample.record, values: ["display_name": "Ann", "kind": .null])
        let command = try plan.create(record, by: Sample.context())
        let document = try Self.document(command)
        #expect(document["kind"] == "person")
        #expect(document["roles"] == [])
        #expect(document["payment_terms_days"] == 0)
        #expect(document["custom"] == .object(JSONObject()))
        #expect(document["first_name"] == nil)
        #expect(
            command.parameters.prefix(5) == [
                Sample.record.description, Sample.user.description, "user", Sample.request.description,
                Sample.entry.uuidString.lowercased(),
            ])
    }

    @Test func `references are stored by column, mail addresses in lower case`() throws {
        let line = try Manifests.plan("work_order_line", of: "hs")
        let order = JSONValue.string(Sample.record.description)
        let command = try line.create(NewRecord(id: Sample.record, values: ["work_order": order]), by: Sample.context())
        #expect(try Self.document(command)["work_order_id"] == order)

        let party = try Manifests.plan("party", of: "core")
        let change = try party.update(
            Sample.record, version: 3, values: ["email": "Ann@Example.COM"], by: Sample.context())
        #expect(try Self.document(change) == ["email": "ann@example.com"])
        #expect(change.parameters.last == "3")
    }

    @Test func `batches of an import are written side by side unless one waits for the other`() throws {
        let set = try Manifests.shop(
            """
              numbered:
                route: numbered
                feature: shop
                fields:
                  number: {type: sequence, prefix: N-, readOnly: true, unique: true}
              folder:
                route: folders
                feature: shop
                fields:
                  inside: {type: ref, to: shop.folder}
              paper:
                route: papers
                feature: shop
                fields:
                  inside: {type: ref, to: shop.folder}
            """)
        func mayBe(_ name: String) throws -> Bool {
            let reference = EntityReference(plugin: try #require(set.manifests.first?.id), name: name)
            return try #require(EntityPlan(reference, in: set)).importsSideBySide
        }
        #expect(try mayBe("paper"))
        // A row may be the folder of one that comes later.
        #expect(try !mayBe("folder"))
        // The row with the next number stays locked.
        #expect(try !mayBe("numbered"))
    }

    @Test func `a mount's new record matches it, and a change can't end that`() throws {
        let plan = try Manifests.customers()
        let made = try plan.create(NewRecord(id: Sample.record, values: ["roles": ["vendor"]]), by: Sample.context())
        #expect(try Self.document(made)["roles"] == ["vendor", "customer"])
        let emptied = try plan.update(Sample.record, version: 1, values: ["roles": []], by: Sample.context())
        #expect(try Self.document(emptied) == ["roles": ["customer"]])
        let other = try plan.update(Sample.record, version: 1, values: ["notes": "x"], by: Sample.context())
        #expect(try Self.document(other) == ["notes": "x"])
    }

    @Test(arguments: ["business_id", "id", "version", "created_by", "updated_at", "archived_at"])
    func `a column of the host is refused`(name: String) throws {
        let plan = try Manifests.plan("party", of: "core")
        let problem = try #require(throws: Problem.self) {
            try plan.update(Sample.record, version: 1, values: [name: "x"], by: Sample.context())
        }
        #expect(problem.faults.map(\.code) == ["read_only"])
    }

    @Test func `the status is refused`() throws {
        let plan = try Manifests.plan("work_order", of: "hs")
        let problem = try #require(throws: Problem.self) {
            try plan.update(Sample.record, version: 1, values: ["status": "paid"], by: Sample.context())
        }
        #expect(problem.code == .statusNotWritable)
    }

    @Test func `the owner of the own form is its last parameter`() throws {
        let plan = try Manifests.plan("work_order", of: "hs")
        let command = try plan.transition(
            Sample.record, "complete", version: nil, reason: nil, by: Sample.context(.own(Sample.user)))
        #expect(command.parameters.count == 10)
        #expect(command.parameters[8] == Sample.event.uuidString.lowercased())
        #expect(command.parameters.last == Sample.user.description)
        #expect(command.statement.name == "hs.work_order.transition.complete.own")
    }

    @Test func `a transition that isn't declared or lacks its reason is refused`() throws {
        let plan = try Manifests.plan("work_order", of: "hs")
        let unknown = try #require(throws: Problem.self) {
            try plan.transition(Sample.record, "explode", version: 1, reason: nil, by: Sample.context())
        }
        #expect(unknown.code == .notFound)
        let silent = try #require(throws: Problem.self) {
            try plan.transition(Sample.record, "cancel", version: 1, reason: "", by: Sample.context())
        }
        #expect(silent.faults.map(\.path) == ["/reason"])
        #expect(plan.transitions(from: "completed") == ["invoice", "reopen"])
        #expect(plan.transitions(from: "paid") == [])
    }

    @Test func `documents are neither archived nor deleted`() throws {
        let plan = try Manifests.plan("invoice", of: "core")
        #expect(throws: Problem.self) { try plan.archive(Sample.record, version: 1, by: Sample.context()) }
        #expect(throws: Problem.self) { try plan.deleteChildren(of: Sample.record, by: Sample.context()) }
    }
}
