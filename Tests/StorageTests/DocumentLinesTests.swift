import Foundation
import HostAuth
import HostManifest
import HostModel
import HostSQL
import HostStorage
import Testing

/// Lines that are written with their document, on a real database.
struct DocumentLinesTests {
    private func line(_ name: String, _ price: Int64 = 100) -> JSONValue {
        ["name": .string(name), "unit_price_minor": .int(price), "qty_milli": 1000]
    }

    private func names(_ order: JSONValue) -> [String] {
        order["lines"]?.array?.compactMap { $0["name"]?.string } ?? []
    }

    private func rights(_ grants: [String: PermissionScope]) -> LineRights {
        let role = RoleDefinition(
            name: "r",
            grants: grants.sorted { $0.key < $1.key }.compactMap { pattern, scope in
                PermissionPattern(pattern).map { RoleDefinition.Grant(pattern: $0, scope: scope) }
            })
        return LineRights(PermissionSet(roles: [role]))
    }

    @Test func `lines come in their order, one audit entry for each, and with the version of the document`()
        async throws
    {
        try await SalesDesk.open { desk in
            let order = try await desk.order([line("A"), line("B"), line("C")])
            #expect(names(order) == ["A", "B", "C"])
            #expect(order["lines"]?.array?.map { $0["position"] } == [1, 2, 3])
            #expect(order["version"] == 1 && order["status"] == "draft")
            let (a, c) = (order["lines"]?[0]?["id"] ?? .null, order["lines"]?[2]?["id"] ?? .null)
            // C first, B away, A as it was but second, D new.
            let changed = try await desk.change(
                order, [["id": c, "unit_price_minor": 250], line("D"), ["id": a]])
            #expect(names(changed) == ["C", "D", "A"])
            #expect(changed["lines"]?.array?.map { $0["position"] } == [1, 2, 3])
            #expect(changed["lines"]?.array?.map { $0["version"] } == [2, 1, 2])
            #expect(changed["lines"]?[0]?["unit_price_minor"] == 250)
            #expect(changed["version"] == 2)
            let actions = try await desk.installation.actions(of: desk.firm).filter { $0.hasPrefix("sales.") }
            #expect(
                actions == [
                    "sales.order.create", "sales.order_line.create", "sales.order_line.create",
                    "sales.order_line.create", "sales.order.update", "sales.order_line.delete",
                    "sales.order_line.update", "sales.order_line.update", "sales.order_line.create",
                ])
        }
    }

    @Test func `a line that is sent as it is stays as it is`() async throws {
        try await SalesDesk.open { desk in
            var whole = line("A").object ?? JSONObject()
            whole["until"] = "2026-11-22T10:00:00+01:00"
            whole["external_id"] = "x-1"
            let order = try await desk.order([.object(whole)])
            // By its external id, and with the same instant in another form.
            whole["until"] = "2026-11-22T09:00:00Z"
            let same = try await desk.change(order, [.object(whole)])
            #expect(same["lines"] == order["lines"])
            #expect(same["version"] == 2)
            let emptied = try await desk.change(order, [], version: 2)
            #expect(emptied["lines"] == [])
        }
    }

    @Test func `a fault of a line names the line, whoever finds it, and undoes the document`() async throws {
        try await SalesDesk.open { desk in
            let order = try await desk.order([
                ["name": "A", "unit_price_minor": 5, "qty_milli": 2000]
            ])
            let id = order["lines"]?[0]?["id"] ?? .null
            let unknown = JSONValue.string(UUID().uuidString.lowercased())
            let cases: [(lines: [JSONValue], path: String, code: String)] = [
                (
                    [line("B"), ["name": "C", "unit_price_minor": 0, "qty_milli": 2000]], "/lines/1/unit_price_minor",
                    "gifts_are_single"
                ),
                ([["id": id], ["id": unknown, "name": "B"]], "/lines/1/id", "unknown_reference"),
                ([["id": id], ["id": id]], "/lines/1/id", "duplicate"),
                ([["external_id": "new", "qty_milli": 1000]], "/lines/0/name", "required"),
                (
                    [line("B"), ["name": "C", "unit_price_minor": 1, "qty_milli": 1, "item": unknown]],
                    "/lines/1/item_id", "unknown_reference"
                ),
                (
                    [
                        line("B"), ["name": "C", "unit_price_minor": 1, "qty_milli": 1, "code": "x"],
                        ["name": "D", "unit_price_minor": 1, "qty_milli": 1, "code": "x"],
                    ], "/lines/2/code",
                    "already_exists"
                ),
                // What the line has and what is sent break the check together.
                ([line("B"), ["id": id, "unit_price_minor": 0]], "/lines/1/unit_price_minor", "gifts_are_single"),
            ]
            for (lines, path, code) in cases {
                let refused = await problem { _ = try await desk.change(order, lines) }
                #expect(refused?.faults.first?.path == path, "\(String(describing: refused))")
                #expect(refused?.faults.first?.code == code)
                #expect(try await desk.now(order) == order)
            }
            let refused = await problem {
                _ = try await desk.order([line("A"), ["name": "B", "unit_price_minor": 1, "qty_milli": 0]])
            }
            #expect(refused?.faults.first?.path == "/lines/1/qty_milli", "\(String(describing: refused))")
        }
    }

    @Test func `another business's line is no line`() async throws {
        try await SalesDesk.open { desk in
            let other = try await desk.installation.signUp("bob@example.com")
            let order = try await desk.order([line("A")])
            let made = try await desk.records.create(
                desk.plan, ["title": "Theirs"], in: other.scope, reach: .business)
            let theirs = try JSONParser.parse(made.json.bytes)
            let id = order["lines"]?[0]?["id"] ?? .null
            let refused = await problem {
                _ = try await desk.change(theirs, [["id": id, "name": "Mine now"]], by: other.scope)
            }
            #expect(refused?.code == .validationFailed)
            #expect(refused?.faults.first?.path == "/lines/0/id")
            let foreign = await problem { _ = try await desk.change(order, [line("B")], by: other.scope) }
            #expect(foreign?.code == .notFound)
            // A line of another order of the same business isn't one of this order either.
            let second = try await desk.order([])
            let elsewhere = await problem { _ = try await desk.change(second, [["id": id]]) }
            #expect(elsewhere?.faults.first?.code == "unknown_reference")
            #expect(try await desk.now(order) == order)
        }
    }

    @Test func `each change of a line needs its right`() async throws {
        try await SalesDesk.open { desk in
            let order = try await desk.order([line("A"), line("B")])
            let (a, b) = (order["lines"]?[0]?["id"] ?? .null, order["lines"]?[1]?["id"] ?? .null)
            let adds = rights(["sales.order_line.create": .business])
            let none = await problem { _ = try await desk.order([line("A")], rights: .none) }
            #expect(none?.code == .forbidden)
            #expect(none?.members["permission"] == "sales.order_line.create")
            let added = try await desk.change(order, [["id": a], ["id": b], line("C")], rights: adds)
            #expect(names(added) == ["A", "B", "C"])
            let changes = await problem {
                _ = try await desk.change(
                    order, [["id": a, "name": "Z"], ["id": b]], version: 2, rights: adds)
            }
            #expect(changes?.code == .forbidden && changes?.members["permission"] == "sales.order_line.delete")
            let c = added["lines"]?[2]?["id"] ?? .null
            let renames = await problem {
                _ = try await desk.change(
                    order, [["id": a, "name": "Z"], ["id": b], ["id": c]], version: 2, rights: adds)
            }
            #expect(renames?.members["permission"] == "sales.order_line.update")
            #expect(try await desk.now(order) == added)
        }
    }

    @Test func `with the right to one's own lines those of others stay`() async throws {
        try await SalesDesk.open { desk in
            let order = try await desk.order([line("A"), line("B")])
            let (a, b) = (order["lines"]?[0]?["id"] ?? .null, order["lines"]?[1]?["id"] ?? .null)
            let helper = Principal(
                business: desk.firm.principal.business, user: UserID(UUID()), session: desk.firm.principal.session,
                roles: ["helper"], permissions: .none, tier: .starter, expires: desk.firm.principal.expires)
            let scope = TenantScope(helper, request: nil)
            let own = rights(["sales.order_line.*": .own])
            let added = try await desk.change(order, [["id": a], ["id": b], line("C")], rights: own, by: scope)
            let c = added["lines"]?[2]?["id"] ?? .null
            let removes = await problem {
                _ = try await desk.change(order, [["id": a], ["id": c]], version: 2, rights: own, by: scope)
            }
            #expect(removes?.code == .forbidden)
            let changes = await problem {
                _ = try await desk.change(
                    order, [["id": a], ["id": b, "name": "X"], ["id": c]], version: 2, rights: own, by: scope)
            }
            #expect(changes?.code == .forbidden && changes?.faults.map(\.path) == ["/lines/1"])
            let mine = try await desk.change(
                order, [["id": a], ["id": b], ["id": c, "name": "Mine"]], version: 2, rights: own, by: scope)
            #expect(names(mine) == ["A", "B", "Mine"])
        }
    }

    @Test func `a document whose status fixes its lines keeps them, and takes other changes`() async throws {
        try await SalesDesk.open { desk in
            let order = try await desk.order([line("A")])
            let id = try #require(order["id"]?.string.flatMap { RecordID($0) })
            let placed = try await desk.records.transition(
                desk.plan, id, "place", version: 1, reason: nil, in: desk.firm.scope, reach: .business)
            #expect(placed.version == 2)
            let refused = await problem { _ = try await desk.change(order, [line("B")], version: 2) }
            #expect(refused?.code == .conflict && refused?.members["status"] == "placed")
            #expect(names(try await desk.now(order)) == ["A"])
            // Remarks aren't bound to a status.
            let remarked = try await desk.records.update(
                desk.plan, id, version: 2, ["remarks": [["text": "Call first"]], "title": "B"],
                in: desk.firm.scope, reach: .business, lines: .ofDocument)
            let json = try JSONParser.parse(remarked.json.bytes)
            #expect(json["remarks"]?[0]?["text"] == "Call first" && json["title"] == "B")
            #expect(names(json) == ["A"])
        }
    }

    @Test func `of many who replace the lines of one version one succeeds`() async throws {
        try await SalesDesk.open { desk in
            let order = try await desk.order([line("A")])
            let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let refused = await problem { _ = try await desk.change(order, [line("N\(number)")]) }
                        if let refused { #expect(refused.code == .versionConflict) }
                        return refused == nil
                    }
                }
                return try await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 }.count == 1)
            let now = try await desk.now(order)
            #expect(now["version"] == 2 && names(now).count == 1)
        }
    }

    @Test func `a business's own fields of lines are held to their rules`() async throws {
        try await SalesDesk.open { desk in
            let linePlan = try desk.installation.plan("sales", "order_line")
            let item = try desk.installation.plan("core", "item")
            for (key, kind, target) in [("room", CustomField.Kind.text, nil), ("spare", .reference, item.reference)] {
                let field = NewCustomField(
                    entity: linePlan.reference, key: key, label: key, kind: kind, isRequired: false, options: [],
                    target: target, position: 0)
                _ = try await desk.installation.storage.customFields.add(field, fieldsMax: 5, in: desk.firm.scope)
            }
            func sent(_ custom: JSONValue) -> JSONValue {
                ["name": "A", "unit_price_minor": 1, "qty_milli": 1, "custom": custom]
            }
            let unknown = await problem { _ = try await desk.order([line("A"), sent(["rom": "Hall"])]) }
            #expect(unknown?.faults.map(\.path) == ["/lines/1/custom/rom"])
            let nobody = JSONValue.string(UUID().uuidString.lowercased())
            let absent = await problem { _ = try await desk.order([line("A"), sent(["spare": nobody])]) }
            #expect(absent?.faults.map(\.path) == ["/lines/1/custom/spare"], "\(String(describing: absent))")
            let order = try await desk.order([sent(["room": "Hall"])])
            let id = order["lines"]?[0]?["id"] ?? .null
            let same = try await desk.change(order, [["id": id, "custom": ["room": "Hall"]]])
            #expect(same["lines"] == order["lines"])
        }
    }

    @Test func `two hundred lines with secrets are written, masked and kept`() async throws {
        try await SalesDesk.open { desk in
            let lines = (0..<200).map { number -> JSONValue in
                var line = line("Line \(number)").object ?? JSONObject()
                line["pin"] = .string("pin-\(number)")
                return .object(line)
            }
            let order = try await desk.order(lines)
            #expect(order["lines"]?.array?.count == 200)
            #expect(order["lines"]?[7]?["pin"] == "•••")
            let kept = order["lines"]?.array?.map { ["id": $0["id"] ?? .null] as JSONValue } ?? []
            let reversed = try await desk.change(order, kept.reversed())
            #expect(reversed["lines"]?[0]?["name"] == "Line 199")
            let linePlan = try desk.installation.plan("sales", "order_line")
            let id = try #require(reversed["lines"]?[0]?["id"]?.string.flatMap { RecordID($0) })
            let secrets = try await desk.records.secrets(
                linePlan, of: [id], in: desk.firm.scope, reach: .business)
            #expect(secrets[id]?["pin"] == "pin-199")
        }
    }
}

/// Orders with their lines, as the routes write them.
extension SalesDesk {
    fileprivate func order(_ lines: [JSONValue], rights: LineRights = .ofDocument) async throws -> JSONValue {
        let made = try await records.create(
            plan, ["title": "An order", "lines": .array(lines)], in: firm.scope, reach: .business, lines: rights)
        return try JSONParser.parse(made.json.bytes)
    }

    fileprivate func change(
        _ order: JSONValue, _ lines: [JSONValue], version: Int64 = 1, rights: LineRights = .ofDocument,
        by scope: TenantScope? = nil
    ) async throws -> JSONValue {
        let id = try #require(order["id"]?.string.flatMap { RecordID($0) })
        let changed = try await records.update(
            plan, id, version: version, ["lines": .array(lines)], in: scope ?? firm.scope, reach: .business,
            lines: rights)
        return try JSONParser.parse(changed.json.bytes)
    }

    fileprivate func now(_ order: JSONValue) async throws -> JSONValue {
        let id = try #require(order["id"]?.string.flatMap { RecordID($0) })
        return try JSONParser.parse(
            try await records.read(plan, id, in: firm.scope, reach: .business).json.bytes)
    }
}
