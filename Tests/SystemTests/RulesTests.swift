import HostModel
import Testing

/// What records must keep, on the real binary: checks, unique among some, no double booking, counters.
struct RulesTests {
    private static let rules = "/api/rules/app/v1"
    private static let core = "/api/core/app/v1"

    private func firm() async throws -> Firm {
        try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
    }

    private func id(_ record: JSONValue) throws -> String { try #require(record["id"]?.string) }

    @Test func `a broken check names its field, whoever finds it`() async throws {
        let firm = try await firm()
        let rooms = "\(Self.rules)/rooms"
        let refused = try await firm.client.post(rooms, ["name": "Hall", "level": "fine", "vip": true])
        #expect(refused.status == 422)
        #expect(refused.json["errors"]?.array?.map { $0["code"]?.string } == ["fine_has_seats", "vip_is_up"])
        #expect(refused.json["errors"]?[0]?["path"]?.string == "/level")
        let room = try await firm.make(rooms, ["name": "Hall", "level": "fine", "seats": 4])
        // The level isn't in the body, so the database alone can tell.
        let patched = try await firm.client.patch("\(rooms)/\(try id(room))", ["seats": 3], version: 1)
        #expect(patched.status == 422)
        #expect(patched.json["errors"]?[0]?["code"]?.string == "fine_has_seats")
        #expect(patched.json["errors"]?[0]?["path"]?.string == "/level")
        let overflow = try await firm.client.patch(
            "\(rooms)/\(try id(room))", ["spare": 9_000_000_000_000_000], version: 1)
        #expect(overflow.status == 422, "\(overflow.text)")
    }

    @Test func `of fifty bookings of one slot one succeeds, and the others are told which`() async throws {
        let firm = try await firm()
        let resource = try await firm.make("\(Self.core)/resources", ["kind": "technician", "name": "Kim"])
        let body = try booking(resource, "10:00", "11:00")
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 0..<50 { group.addTask { try await firm.client.post("\(Self.core)/bookings", body) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let made = answers.filter { $0.status == 201 }
        #expect(made.count == 1)
        let refused = answers.filter { $0.status == 409 }
        #expect(refused.count == 49, "\(Set(answers.map(\.status)))")
        let taken = try id(try #require(made.first).json)
        for answer in refused {
            #expect(answer.code == "schedule_conflict")
            #expect(answer.json["rule"]?.string == "double_booking")
            #expect(answer.json["conflicts"]?.array?.map { $0["id"]?.string } == [taken])
        }
    }

    @Test func `back to back is allowed, and a cancelled booking gives its time back`() async throws {
        let firm = try await firm()
        let bookings = "\(Self.core)/bookings"
        let resource = try await firm.make("\(Self.core)/resources", ["kind": "bay", "name": "Bay 1"])
        let first = try await firm.make(bookings, try booking(resource, "10:00", "11:00"))
        let second = try await firm.make(bookings, try booking(resource, "11:00", "12:00"))
        let moved = try await firm.client.patch(
            "\(bookings)/\(try id(second))", ["slot_from": "2026-11-22T10:59:00Z"], version: 1)
        #expect(moved.status == 409)
        #expect(moved.json["conflicts"]?[0]?["id"]?.string == first["id"]?.string)
        let backwards = try await firm.client.post(bookings, try booking(resource, "15:00", "14:00"))
        #expect(backwards.status == 422)
        let released = try await firm.client.post("\(bookings)/\(try id(first))/actions/release")
        #expect(released.status == 200, "\(released.text)")
        _ = try await firm.make(bookings, try booking(resource, "10:00", "11:00"))
        let back = try await firm.client.post("\(bookings)/\(try id(first))/actions/hold")
        #expect(back.code == "schedule_conflict", "\(back.text)")
        #expect(back.json["conflicts"]?.array?.count == 1)
        let other = try await Firm.signUp(at: firm.client.baseURL)
        let foreign = try await other.client.post(bookings, try booking(resource, "10:00", "11:00"))
        #expect(foreign.status == 422, "the resource of another business is unknown: \(foreign.text)")
    }

    @Test func `of many at once one is open per room`() async throws {
        let firm = try await firm()
        let room = try await firm.make("\(Self.rules)/rooms", ["name": "Cellar"])
        var visits: [String] = []
        for day in 10..<20 {
            let body: JSONValue = [
                "room_id": room["id"] ?? .null, "starts_at": .string("2026-11-\(day)T10:00:00Z"),
                "ends_at": .string("2026-11-\(day)T11:00:00Z"),
            ]
            visits.append(try id(try await firm.make("\(Self.rules)/visits", body)))
        }
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for visit in visits {
                group.addTask { try await firm.client.post("\(Self.rules)/visits/\(visit)/actions/open") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0.status == 200 } == 1)
        #expect(answers.count { $0.code == "already_exists" } == 9)
        #expect(answers.first { $0.status == 409 }?.json["errors"]?[0]?["path"]?.string == "/room_id")
    }

    @Test func `sixteen clients take exactly what there is`() async throws {
        let firm = try await firm()
        let level = try await stock(firm, onHand: 100)
        let adjust = "\(Self.core)/stock-levels/\(try id(level))/actions/adjust"
        let taken = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    var count = 0
                    for _ in 0..<100 {
                        let answer = try await firm.client.post(adjust, ["reserved_milli": 1])
                        if answer.status == 200 { count += 1 } else { #expect(answer.code == "counter_out_of_range") }
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(taken == 100)
        let read = try await firm.client.get("\(Self.core)/stock-levels/\(try id(level))")
        #expect(read.json["reserved_milli"]?.int == 100)
        #expect(read.json["version"]?.int == 101)
    }

    @Test func `a step too far is refused with what is available`() async throws {
        let firm = try await firm()
        let level = try await stock(firm, onHand: 10)
        let path = "\(Self.core)/stock-levels/\(try id(level))"
        let refused = try await firm.client.post("\(path)/actions/adjust", ["reserved_milli": 11])
        #expect(refused.status == 409)
        #expect(refused.json["field"]?.string == "reserved_milli")
        #expect(refused.json["bound"]?.string == "reserved_within_stock")
        #expect(refused.json["available"]?.int == 10)
        let set = try await firm.client.patch(path, ["reserved_milli": 5], version: 1)
        #expect(set.json["errors"]?[0]?["code"]?.string == "read_only")
        #expect(try await firm.client.post("\(path)/actions/adjust").status == 422)
        let other = try await Firm.signUp(at: firm.client.baseURL)
        #expect(try await other.client.post("\(path)/actions/adjust", ["reserved_milli": 1]).status == 404)
        let stale = try await firm.client.post(
            "\(path)/actions/adjust", ["reserved_milli": 1], headers: ["If-Match": "\"7\""])
        #expect(stale.status == 412)
        #expect(try await firm.client.get(path).json["version"]?.int == 1)
    }

    @Test func `a step that comes twice with a key is added once`() async throws {
        let firm = try await firm()
        let level = try await stock(firm, onHand: 10)
        let path = "\(Self.core)/stock-levels/\(try id(level))"
        let key = ["Idempotency-Key": "step-1"]
        let first = try await firm.client.post("\(path)/actions/adjust", ["reserved_milli": 4], headers: key)
        let again = try await firm.client.post("\(path)/actions/adjust", ["reserved_milli": 4], headers: key)
        #expect(first.status == 200 && again.bytes == first.bytes, "\(first.text)")
        #expect(again.header("Idempotency-Replayed") == "true")
        #expect(try await firm.client.get(path).json["reserved_milli"] == 4)
        // A refusal is kept too, with what was available then.
        let far = ["Idempotency-Key": "step-2"]
        let refused = try await firm.client.post("\(path)/actions/adjust", ["reserved_milli": 7], headers: far)
        #expect(refused.code == "counter_out_of_range" && refused.json["available"] == 6, "\(refused.text)")
        _ = try await firm.client.post("\(path)/actions/adjust", ["reserved_milli": -4])
        let kept = try await firm.client.post("\(path)/actions/adjust", ["reserved_milli": 7], headers: far)
        #expect(kept.status == 409 && kept.bytes == refused.bytes)
        #expect(try await firm.client.get(path).json["reserved_milli"] == 0)
    }

    @Test func `one period is taken once at a time`() async throws {
        let firm = try await firm()
        let room = try await firm.make("\(Self.rules)/rooms", ["name": "Desk"])["id"] ?? .null
        let shifts = "\(Self.rules)/shifts"
        func shift(_ from: String?, _ to: String?, spare: Bool = false) -> JSONValue {
            let at = { (hour: String?) in hour.map { JSONValue.string("2026-11-22T\($0):00:00Z") } ?? .null }
            return ["room_id": room, "worked": ["from": at(from), "to": at(to)], "spare": .bool(spare)]
        }
        let morning = try await firm.make(shifts, shift("08", "12"))
        let noon = try await firm.make(shifts, shift("12", "13"))
        _ = try await firm.make(shifts, shift("09", "10", spare: true))
        // No time is none that could be taken.
        _ = try await firm.make(shifts, ["room_id": room])
        _ = try await firm.make(shifts, ["room_id": room])
        let refused = try await firm.client.post(shifts, shift("11", nil))
        #expect(refused.status == 409 && refused.json["rule"] == "one_shift", "\(refused.text)")
        let conflicts = refused.json["conflicts"]?.array ?? []
        #expect(conflicts.map { $0["id"] } == [morning["id"], noon["id"]])
        #expect(conflicts.first?["from"] == "2026-11-22T08:00:00+00:00")
        #expect(conflicts.first?["to"] == "2026-11-22T12:00:00+00:00")
        let night = try await firm.make(shifts, shift("13", nil))
        let moved = try await firm.client.patch(
            "\(shifts)/\(try id(night))", ["worked": ["from": "2026-11-22T12:59:59Z"]], version: 1)
        #expect(moved.json["conflicts"]?.array?.map { $0["id"] } == [noon["id"]], "\(moved.text)")
        let backwards = try await firm.client.post(shifts, shift("23", "22"))
        #expect(backwards.status == 422)
    }

    private func stock(_ firm: Firm, onHand: Int64) async throws -> JSONValue {
        let item = try await firm.make("\(Self.core)/items", ["name": "Washer", "unit_price_minor": 10])
        let place = try await firm.make("\(Self.core)/stock-locations", ["name": "Van"])
        return try await firm.make(
            "\(Self.core)/stock-levels",
            [
                "item_id": item["id"] ?? .null, "location_id": place["id"] ?? .null, "on_hand_milli": .int(onHand),
            ])
    }

    private func booking(_ resource: JSONValue, _ from: String, _ to: String) throws -> JSONValue {
        let (start, end) = (JSONValue.string("2026-11-22T\(from):00Z"), JSONValue.string("2026-11-22T\(to):00Z"))
        return [
            "resource_id": .string(try id(resource)), "starts_at": start, "ends_at": end, "slot_from": start,
            "slot_to": end,
        ]
    }
}
