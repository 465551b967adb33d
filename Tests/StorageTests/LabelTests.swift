import Foundation
import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostStorage
import Testing

/// A business's own words for statuses, on a real database.
struct LabelTests {
    private func json(_ id: RecordID) -> JSONValue { .string(id.description) }

    @Test func `a record takes on the default of each status, and the history keeps the labels`() async throws {
        try await SalesDesk.open { desk in
            let bare = try await desk.order()
            #expect(bare["label_id"] == .null)
            let fresh = try await desk.label("Fresh", isDefault: true)
            let rush = try await desk.label("Rush")
            let sent = try await desk.label("Sent", of: "placed", isDefault: true)
            let order = try await desk.order()
            #expect(order["label_id"] == json(fresh))
            let rushed = try await desk.set(rush, on: order, version: 1)
            #expect(rushed["label_id"] == json(rush) && rushed["version"] == 2 && rushed["status"] == "draft")
            let placed = try await desk.move(order, "place")
            #expect(placed["label_id"] == json(sent))
            let cleared = try await desk.set(nil, on: order)
            #expect(cleared["label_id"] == .null)
            let back = try await desk.move(order, "reopen", reason: "Forgot one")
            #expect(back["label_id"] == json(fresh))

            let id = try #require(order["id"]?.string.flatMap { RecordID($0) })
            let page = try await desk.installation.storage.records.history(
                desk.plan, id, limit: 50, cursor: nil, in: desk.firm.scope, reach: .business)
            let rows = try page.records.map { try JSONParser.parse($0.bytes) }
            #expect(rows.map { $0["transition"] } == [.null, "label", "place", "label", "reopen"])
            #expect(rows.map { $0["label_id"] } == [json(fresh), json(rush), json(sent), .null, json(fresh)])
            #expect(rows[1]["reason"] == "Said so" && rows[1]["from"] == "draft" && rows[1]["to"] == "draft")
            let actions = try await desk.installation.actions(of: desk.firm)
            #expect(actions.filter { $0 == "sales.order.label" }.count == 2)
            #expect(actions.filter { $0 == "platform.status_label.create" }.count == 3)
        }
    }

    @Test func `a label of another status, entity or business, and an archived one, is refused`() async throws {
        try await SalesDesk.open { desk in
            let other = try await desk.installation.signUp("bob@example.com")
            let order = try await desk.order()
            let elsewhere = try #require(PluginID("flow"))
            let strange = EntityReference(plugin: elsewhere, name: "ticket")
            let theirs = try await desk.label("Theirs", in: other.scope)
            let gone = try await desk.label("Gone")
            _ = try await desk.labels.archive(gone, version: 1, in: desk.firm.scope)
            let refused: [RecordID] = [
                try await desk.label("Sent", of: "placed"), try await desk.label("Strange", entity: strange), theirs,
                gone,
                RecordID(UUID()),
            ]
            for label in refused {
                let problem = await problem { _ = try await desk.set(label, on: order) }
                #expect(problem?.code == .validationFailed)
                #expect(problem?.faults.map { "\($0.path) \($0.code)" } == ["/label_id unknown_reference"])
            }
            let stale = await problem { _ = try await desk.set(nil, on: order, version: 7) }
            #expect(stale?.code == .versionConflict)
            let plain = try desk.installation.plan("core", "party")
            let none = await problem {
                _ = try await desk.installation.storage.records.setLabel(
                    plain, RecordID(UUID()), version: nil, to: nil, reason: nil, in: desk.firm.scope, reach: .business)
            }
            #expect(none?.code == .methodNotAllowed)
            let written = await problem {
                _ = try await desk.installation.storage.records.create(
                    desk.plan, ["title": "A", "label_id": .string(gone.description)], in: desk.firm.scope)
            }
            #expect(written?.faults.map(\.code) == ["read_only"])
        }
    }

    @Test func `SQL that goes around the host can't give a record the label of another status`() async throws {
        try await SalesDesk.open { desk in
            let sent = try await desk.label("Sent", of: "placed")
            let order = try await desk.order()
            let error = await #expect(throws: DatabaseError.self) {
                try await desk.installation.database.ask(
                    "UPDATE sales.\"order\" SET label_id = $1::uuid, version = version + 1 WHERE id = $2::uuid",
                    [sent.description, order["id"]?.string], business: desk.firm.grant.business)
            }
            #expect(error?.sqlState == "23503")
        }
    }

    @Test func `a status has one default, names of its own, and a bounded number of labels`() async throws {
        try await SalesDesk.open { desk in
            let first = try await desk.label("First", isDefault: true)
            let second = try await desk.label("Second", isDefault: true)
            let list = try await desk.labels.list(of: desk.plan.reference, status: "draft", in: desk.firm.scope)
            let labels = try list.map { try JSONParser.parse($0.bytes) }
            #expect(labels.map { $0["is_default"] } == [false, true])
            #expect(labels.map { $0["version"] } == [2, 1])
            let twin = await problem { _ = try await desk.label("SECOND") }
            #expect(twin?.code == .alreadyExists && twin?.faults.map(\.path) == ["/name"])
            _ = try await desk.label("Second", of: "placed")
            let renamed = await problem {
                _ = try await desk.labels.change(first, version: 2, .init(name: "second"), in: desk.firm.scope)
            }
            #expect(renamed?.code == .alreadyExists)
            _ = try await desk.labels.archive(second, version: 1, in: desk.firm.scope)
            #expect(try await desk.order()["label_id"] == .null, "an archived label is nobody's default")
            let changed = await problem {
                _ = try await desk.labels.change(second, version: 2, .init(name: "x"), in: desk.firm.scope)
            }
            #expect(changed?.code == .conflict)
            for number in 0..<(LabelStore.countMax - 1) { _ = try await desk.label("L\(number)") }
            let full = await problem { _ = try await desk.label("One more") }
            #expect(full?.code == .conflict && full?.members["limit"] == .int(Int64(LabelStore.countMax)))
            let other = try await desk.installation.signUp("bob@example.com")
            #expect(try await desk.labels.list(of: nil, status: nil, in: other.scope).isEmpty)
            let foreign = await problem {
                _ = try await desk.labels.change(first, version: 2, .init(name: "x"), in: other.scope)
            }
            #expect(foreign?.code == .notFound)
        }
    }

    @Test func `of many who make a default at once one remains`() async throws {
        try await SalesDesk.open { desk in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask { _ = try await desk.label("L\(number)", isDefault: true) }
                }
                try await group.waitForAll()
            }
            let list = try await desk.labels.list(of: nil, status: nil, in: desk.firm.scope)
            let defaults = try list.map { try JSONParser.parse($0.bytes) }.filter { $0["is_default"] == true }
            #expect(list.count == 8 && defaults.count == 1)
        }
    }
}

/// Labels and statuses, as the routes set them.
extension SalesDesk {
    fileprivate var labels: LabelStore { installation.storage.labels }

    fileprivate func label(
        _ name: String, of status: String = "draft", isDefault: Bool = false, entity: EntityReference? = nil,
        in scope: TenantScope? = nil
    ) async throws -> RecordID {
        let values = LabelStore.Values(name: name, colour: "#00ff00", position: 1, isDefault: isDefault)
        let made = try await labels.add(
            .init(entity: entity ?? plan.reference, status: status, values: values), in: scope ?? firm.scope)
        return try #require(JSONParser.parse(made.json.bytes)["id"]?.string.flatMap { RecordID($0) })
    }

    fileprivate func order() async throws -> JSONValue {
        let made = try await installation.storage.records.create(
            plan, ["title": "An order"], in: firm.scope, reach: .business)
        return try JSONParser.parse(made.json.bytes)
    }

    fileprivate func set(_ label: RecordID?, on order: JSONValue, version: Int64? = nil) async throws -> JSONValue {
        let id = try #require(order["id"]?.string.flatMap { RecordID($0) })
        let changed = try await installation.storage.records.setLabel(
            plan, id, version: version, to: label, reason: "Said so", in: firm.scope, reach: .business)
        return try JSONParser.parse(changed.json.bytes)
    }

    fileprivate func move(_ order: JSONValue, _ transition: String, reason: String? = nil) async throws -> JSONValue {
        let id = try #require(order["id"]?.string.flatMap { RecordID($0) })
        let moved = try await installation.storage.records.transition(
            plan, id, transition, version: nil, reason: reason, in: firm.scope, reach: .business)
        return try JSONParser.parse(moved.json.bytes)
    }
}
