import HostModel
import Testing

/// Every type of field on the real binary, from `Tests/Fixtures/Gallery/types.yaml`.
struct TypesTests {
    private static let samples = "/api/types/app/v1/samples"
    private static let shelves = "/api/types/app/v1/shelves"
    private static let tickets = "/api/types/app/v1/tickets"

    /// What is sent, and what is shown where that differs.
    private static let sent = JSONObject([
        "title": "Pipe", "tags": ["new", "long"], "email": "Ada@Example.com", "phone": "+14155550100",
        "website": "https://example.com/a?b=c", "active": false, "count": 7, "price_minor": -250, "qty_milli": 1500,
        "tax_ppm": 88750, "colour": "red", "colours": ["green", "red"], "day": "2026-11-22",
        "at": "2026-11-22T15:00:00+01:00", "took": "PT90M",
        "valid": ["from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00+01:00"], "season": ["from": nil],
        "place": ["lat": .double(41.8818320123), "lng": .double(-87.623177)], "zone": "America/Chicago",
        "token": "0190F3F0-0000-7000-8000-000000000001", "extra": ["any": [1, .double(2.5)]],
        "size": ["unit": "cm", "width": 5], "currency": "USD", "country": "US",
    ])
    private static let changed = JSONObject([
        "email": "ada@example.com", "at": "2026-11-22T14:00:00+00:00", "took": "PT1H30M",
        "valid": ["from": "2026-01-01T00:00:00+00:00", "to": "2026-01-31T23:00:00+00:00"],
        "season": ["from": nil, "to": nil], "place": ["lat": .double(41.881832), "lng": .double(-87.623177)],
        "token": "0190f3f0-0000-7000-8000-000000000001",
    ])

    @Test func `a value of every type is stored, shown, changed and cleared`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
        let made = try await firm.make(Self.samples, .object(Self.sent))
        for (name, value) in Self.sent.members { #expect(made[name] == Self.changed[name] ?? value, "\(name)") }
        let path = "\(Self.samples)/\(made["id"]?.string ?? "")"
        #expect(try await firm.client.get(path).json == made)
        var cleared = JSONObject()
        for name in Self.sent.names { cleared[name] = .null }
        let patched = try await firm.client.patch(path, .object(cleared), version: 1)
        #expect(patched.status == 200, "\(patched.text)")
        let defaults = JSONObject([
            "title": "Untitled", "tags": ["new"], "active": true, "colours": [], "took": "PT15M",
        ])
        for name in Self.sent.names { #expect(patched.json[name] == defaults[name] ?? .null, "\(name)") }
    }

    @Test(arguments: [
        ("title=Pipe", 1), ("tags=long", 1), ("tags=in:other,new", 1), ("email=ADA@example.com", 1),
        ("active=false", 1),
        ("count=gte:7", 1), ("count=gt:7", 0), ("day=lt:2027-01-01", 1), ("took=PT5400S", 1), ("took=gt:PT2H", 0),
        ("took=in:PT1H30M,PT1H", 1), ("valid=2026-01-01T00:00:00Z", 1), ("valid=2026-01-31T23:00:00Z", 0),
        ("season=1999-01-01T00:00:00Z", 1), ("place=null:false", 1), ("place=null:true", 0),
        ("website=https://example.com/a?b=c", 1),
    ]) func `a list is narrowed by a value of the type`(filter: String, count: Int) async throws {
        let firm = try await Self.stocked.value
        let (name, value) = (filter.prefix { $0 != "=" }, filter.drop { $0 != "=" }.dropFirst())
        let query = "filter[\(name)]=\(value.replacing("?", with: "%3F").replacing("=", with: "%3D"))"
        let answer = try await firm.client.get("\(Self.samples)?\(query)")
        #expect(answer.json["data"]?.array?.count == count, "\(answer.text)")
    }

    @Test(arguments: [
        "took=soon", "took=P1M", "valid=gt:2026-01-01T00:00:00Z", "valid=2026", "place=1", "extra=null:true",
        "tags=gt:a",
    ]) func `a comparison that the type doesn't have is refused`(filter: String) async throws {
        let firm = try await Self.stocked.value
        let (name, value) = (filter.prefix { $0 != "=" }, filter.drop { $0 != "=" }.dropFirst())
        let answer = try await firm.client.get("\(Self.samples)?filter[\(name)]=\(value)")
        #expect(answer.status == 422, "\(answer.text)")
    }

    @Test func `every wrong value is told with its place`() async throws {
        let firm = try await Self.stocked.value
        let answer = try await firm.client.post(
            Self.samples,
            [
                "tags": ["far too long a text"], "website": "example.com", "took": "P1Y", "valid": ["from": "x"],
                "place": ["lat": 91, "lng": 0], "size": ["width": 0, "depth": 1], "number": "S-1",
                "photo_id": "0190f3f0-0000-7000-8000-000000000001",
            ])
        #expect(answer.status == 422)
        let found = answer.json["errors"]?.array?.map { "\($0["path"]?.string ?? "") \($0["code"]?.string ?? "")" }
        #expect(
            found == [
                "/tags/0 max", "/website format", "/took format", "/valid/from format", "/valid/to required",
                "/place/lat out_of_range", "/size/width min", "/size/depth unknown_field", "/number read_only",
            ])
        let photo = try await firm.client.post(Self.samples, ["photo_id": "0190f3f0-0000-7000-8000-000000000001"])
        #expect(photo.json["errors"]?[0]?["code"]?.string == "unknown_reference")
    }

    @Test func `pages go on where durations are equal`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
        for minutes in [20, 5, 20, 600] {
            _ = try await firm.make(Self.samples, ["took": .string("PT\(minutes)M")])
        }
        var cursor = ""
        var found: [String] = []
        for _ in 0..<4 {
            let page = try await firm.client.get("\(Self.samples)?sort=took&limit=1\(cursor)").json
            found.append(page["data"]?[0]?["took"]?.string ?? "")
            cursor = "&cursor=\(page["page"]?["next"]?.string ?? "")"
        }
        #expect(found == ["PT5M", "PT20M", "PT20M", "PT10H"])
    }

    @Test func `a caseless text keeps its case and is one with any other`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
        _ = try await firm.make(Self.shelves, ["code": "Äb-1", "title": "Öl"])
        let taken = try await firm.client.post(Self.shelves, ["code": "äB-1"])
        #expect(taken.code == "already_exists")
        let found = try await firm.client.get("\(Self.shelves)?filter[code]=%C3%84B-1")
        #expect(found.json["data"]?[0]?["code"]?.string == "Äb-1")
        let searched = try await firm.client.get("\(Self.shelves)?q=%C3%B6L")
        #expect(searched.json["data"]?[0]?["title"]?.string == "Öl")
        let refused = try await firm.client.post(Self.shelves, ["code": "1"])
        #expect(refused.json["errors"]?[0]?["code"]?.string == "pattern")
    }

    @Test func `the host numbers what its route creates, and a refusal leaves no gap`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
        var numbers: [String] = []
        for title in ["a", "b", "a", "c"] {
            let answer = try await firm.client.post(Self.tickets, ["title": .string(title)])
            if answer.status == 201 { numbers.append(answer.json["number"]?.string ?? "") }
        }
        #expect(numbers == ["T-000001", "T-000002", "T-000003"])
        #expect(try await firm.make(Self.samples, [:])["number"]?.string == "S-000001")
        let other = try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
        #expect(try await other.make(Self.samples, [:])["number"]?.string == "S-000001")
    }

    /// A firm with one sample, for tests that only look.
    private static let stocked = Task {
        let firm = try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
        _ = try await firm.make(samples, .object(sent))
        return firm
    }
}
