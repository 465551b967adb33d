import HostManifest
import HostModel
import HostPostgres
import HostStorage
import Testing

struct OperationTransactionTests {
    @Test func `a work order goes its way, with its lines, its number and its trail`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let (order, version) = try await WorkOrder(installation, firm).make(lines: 2)
            let json = try await installation.operate(firm) { store throws(Problem) in
                try await store.read(WorkOrder.order, order, locked: false)?.json.text
            }
            let record = try JSONParser.parse(Array((json ?? "").utf8))
            #expect(version == 1)
            #expect(record["number"] == "WO-000001")
            #expect(record["status"] == "draft")
            #expect(record["lines"]?.array?.count == 2)
            #expect(record["lines"]?[1]?["position"] == 2)
        }
    }

    @Test func `a transition that the status forbids names those it allows`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let (order, version) = try await WorkOrder(installation, firm).make(lines: 0)
            let refused = await problem {
                try await installation.operate(firm) { store throws(Problem) in
                    _ = try await store.transition(
                        WorkOrder.order, order, version: version, "complete", [:], reason: nil)
                }
            }
            #expect(refused?.code == .invalidTransition)
            #expect(refused?.members["from"] == "draft")
            #expect(refused?.members["allowed"] == ["schedule", "cancel"])
        }
    }

    @Test func `a transition's event is in the outbox with the change`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let (order, _) = try await WorkOrder(installation, firm).make(lines: 0)
            try await installation.operate(firm) { store throws(Problem) in
                var version: Int64 = 1
                for name in ["schedule", "start", "complete"] {
                    version = try await store.transition(
                        WorkOrder.order, order, version: version, name, [:], reason: nil
                    ).version
                }
            }
            let events = try await installation.database.ask(
                "SELECT type || ' ' || record_id FROM events.outbox", business: firm.grant.business)
            #expect(events.texts == ["hs.work_order.completed \(order)"])
        }
    }

    @Test func `what throws leaves nothing, not even a number`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let before = try await installation.actions(of: firm)
            let refused = await problem {
                try await installation.operate(firm) { store throws(Problem) in
                    _ = try await store.nextNumber("work_order", in: WorkOrder.order.plugin)
                    _ = try await store.create(WorkOrder.party, ["display_name": "Bob"])
                    throw Problem(.conflict, "The operation thought better of it.")
                }
            }
            #expect(refused?.code == .conflict)
            #expect(try await installation.actions(of: firm) == before)
            let number = try await installation.operate(firm) { store throws(Problem) in
                try await store.nextNumber("hs.work_order", in: WorkOrder.order.plugin)
            }
            #expect(number == "WO-000001")
        }
    }

    @Test func `numbers taken at once have no gap and no double`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let numbers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<12 {
                    group.addTask {
                        try await installation.operate(firm) { store throws(Problem) in
                            try await store.nextNumber("work_order", in: WorkOrder.order.plugin)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(numbers.sorted() == (1...12).map { "WO-0000" + ($0 < 10 ? "0\($0)" : "\($0)") })
        }
    }

    @Test func `an entity without a sequence gives no number`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let refused = await problem {
                _ = try await installation.operate(firm) { store throws(Problem) in
                    try await store.nextNumber("party", in: WorkOrder.party.plugin)
                }
            }
            #expect(refused?.code == .internalError)
        }
    }

    @Test func `a read-only operation can't write`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let refused = await problem {
                try await installation.operate(firm, isReadOnly: true) { store throws(Problem) in
                    _ = try await store.create(WorkOrder.party, ["display_name": "Bob"])
                }
            }
            #expect(refused?.code == .internalError)
        }
    }

    @Test func `records are found by value, by id`() async throws {
        try await TestInstallation.make { installation in
            let ann = try await installation.signUp("ann@example.com")
            let bob = try await installation.signUp("bob@example.com")
            let found = try await installation.operate(ann) { store throws(Problem) in
                for name in ["Zoe", "Zoe", "Yan"] {
                    _ = try await store.create(WorkOrder.party, ["display_name": .string(name)])
                }
                return try await store.find(WorkOrder.party, matching: ["display_name": "Zoe"], limit: 10).count
            }
            #expect(found == 2)
            let foreign = try await installation.operate(bob) { store throws(Problem) in
                try await store.find(WorkOrder.party, matching: ["display_name": "Zoe"], limit: 10).count
            }
            #expect(foreign == 0)
        }
    }

    @Test func `lines are deleted, other records never`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let (order, _) = try await WorkOrder(installation, firm).make(lines: 3)
            let left = try await installation.operate(firm) { store throws(Problem) in
                try await store.deleteChildren(WorkOrder.line, of: order)
                return try await store.find(WorkOrder.line, matching: [:], limit: 10).count
            }
            #expect(left == 0)
            let refused = await problem {
                try await installation.operate(firm) { store throws(Problem) in
                    try await store.deleteChildren(WorkOrder.party, of: order)
                }
            }
            #expect(refused?.code == .methodNotAllowed)
        }
    }

    @Test func `a published event names what it is about`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let id = firm.grant.user.description
            try await installation.operate(firm) { store throws(Problem) in
                var payload = JSONObject()
                payload["invoice_id"] = .string(id)
                try await store.publish("core.invoice.issued", payload)
            }
            let events = try await installation.database.ask(
                "SELECT entity || ' ' || record_id FROM events.outbox", business: firm.grant.business)
            #expect(events.texts == ["core.invoice \(id)"])
        }
    }

    @Test func `counters are adjusted within the transaction, and a step too far is told by what it sees`() async throws
    {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            let (room, shift) = (WorkOrder.reference("rules", "room"), WorkOrder.reference("rules", "shift"))
            let id = try await installation.operate(firm) { store throws(Problem) in
                let hall = try await store.create(room, ["name": "Hall"]).id
                return try await store.create(shift, ["room": hall]).id
            }
            let record = try #require(id.string.flatMap { RecordID($0) })
            let refused = await problem {
                try await installation.operate(firm) { store throws(Problem) in
                    _ = try await store.adjust(shift, record, adding: ["breaks": 2], reason: nil)
                    _ = try await store.adjust(shift, record, adding: ["breaks": 2], reason: nil)
                }
            }
            #expect(refused?.code == .counterOutOfRange, "\(String(describing: refused))")
            #expect(refused?.members["current"] == 2 && refused?.members["available"] == 1)
            #expect(refused?.members["bound"] == "max")
            let adjusted = try await installation.operate(firm) { store throws(Problem) in
                try await store.adjust(shift, record, adding: ["breaks": 3], reason: "Long day")
            }
            let json = try JSONParser.parse(adjusted.json.bytes)
            #expect(json["breaks"] == 3 && adjusted.version == 2, "the refused one left nothing")
            let huge = await problem {
                try await installation.operate(firm) { store throws(Problem) in
                    _ = try await store.adjust(shift, record, adding: ["breaks": .min], reason: nil)
                }
            }
            #expect(huge?.code == .validationFailed)
            let other = try await installation.signUp("bob@example.com")
            let foreign = await problem {
                try await installation.operate(other) { store throws(Problem) in
                    _ = try await store.adjust(shift, record, adding: ["breaks": -1], reason: nil)
                }
            }
            #expect(foreign?.code == .notFound)
        }
    }

    @Test func `an operation that would book what is taken is told by whom`() async throws {
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            let (room, visit) = (WorkOrder.reference("rules", "room"), WorkOrder.reference("rules", "visit"))
            let times: [String: JSONValue] = ["starts_at": "2026-11-22T10:00:00Z", "ends_at": "2026-11-22T11:00:00Z"]
            let (hall, first) = try await installation.operate(firm) { store throws(Problem) in
                let hall = try await store.create(room, ["name": "Hall"]).id
                let visit = try await store.create(visit, times.merging(["room": hall]) { $1 })
                return (hall, visit.id)
            }
            let before = try await installation.actions(of: firm)
            let refused = await problem {
                try await installation.operate(firm) { store throws(Problem) in
                    _ = try await store.create(room, ["name": "Lobby"])
                    _ = try await store.create(visit, times.merging(["room": hall]) { $1 })
                }
            }
            #expect(refused?.code == .scheduleConflict && refused?.members["rule"] == "one_visit")
            #expect(refused?.members["conflicts"]?.array?.map { $0["id"] } == [first])
            #expect(refused?.members["hidden"] == 0 && refused?.members["more"] == false)
            #expect(try await installation.actions(of: firm) == before, "all of it is undone")
        }
    }

    @Test func `a deadlock is tried again`() async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("ann@example.com")
            let (first, _) = try await WorkOrder(installation, firm).make(lines: 0)
            let (second, _) = try await WorkOrder(installation, firm).make(lines: 0)
            let meeting = Meeting()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for ids in [[first, second], [second, first]] {
                    group.addTask {
                        try await installation.operate(firm) { store throws(Problem) in
                            _ = try await store.read(WorkOrder.order, ids[0], locked: true)
                            await meeting.arrive()
                            _ = try await store.read(WorkOrder.order, ids[1], locked: true)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}

/// Two tasks wait here for each other, once.
private actor Meeting {
    private var arrived = 0
    private var waiting: CheckedContinuation<Void, Never>?

    func arrive() async {
        arrived += 1
        guard arrived == 1 else {
            waiting?.resume()
            waiting = nil
            return
        }
        await withCheckedContinuation { waiting = $0 }
    }
}

/// A work order with what it needs.
private struct WorkOrder {
    static let party = reference("core", "party")
    static let order = reference("hs", "work_order")
    static let line = reference("hs", "work_order_line")
    static let location = reference("hs", "service_location")

    let installation: TestInstallation
    let firm: SignedUp

    init(_ installation: TestInstallation, _ firm: SignedUp) {
        self.installation = installation
        self.firm = firm
    }

    func make(lines: Int) async throws -> (id: RecordID, version: Int64) {
        try await installation.operate(firm) { store throws(Problem) in
            let party = try await store.create(Self.party, ["display_name": "Bob"]).id
            let location = try await store.create(
                Self.location, ["party": party, "line1": "Main St 1", "country": "US"]
            ).id
            let number = try await store.nextNumber("work_order", in: Self.order.plugin)
            let order = try await store.create(
                Self.order,
                [
                    "party": party, "service_location_id": location, "summary": "Leak", "number": .string(number),
                    "currency": "USD",
                ])
            for position in 0..<lines {
                _ = try await store.create(
                    Self.line,
                    [
                        "work_order": order.id, "position": .int(Int64(lines - position)), "description": "Pipe",
                        "qty_milli": 1_000, "unit_price_minor": 100, "net_minor": 100, "tax_minor": 0,
                        "total_minor": 100,
                    ])
            }
            guard let id = order.id.string.flatMap({ RecordID($0) }) else { throw Problem(.internalError, "no id") }
            return (id, order.version)
        }
    }

    static func reference(_ plugin: String, _ name: String) -> EntityReference {
        guard let plugin = PluginID(plugin) else { preconditionFailure("a plugin's id") }
        return EntityReference(plugin: plugin, name: name)
    }
}

extension StoredRecord {
    fileprivate var id: JSONValue { (try? JSONParser.parse(json.bytes))?["id"] ?? .null }
}

extension TestInstallation {
    /// Runs a body as an operation of the firm's owner.
    func operate<Result>(
        _ firm: SignedUp, isReadOnly: Bool = false, _ body: (OperationTransaction) async throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        let terms = TransactionTerms(
            principal: firm.principal, request: RequestID(firm.grant.user.uuid), scope: .business,
            isReadOnly: isReadOnly, timeout: .seconds(20))
        return try await storage.operations.run(terms, body)
    }
}
