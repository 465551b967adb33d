import HostModel
import HostSQL
import Testing

struct CalendarTests {
    private static func isAccepted(_ time: String) throws -> Bool {
        let plan = try Manifests.plan("work_order", of: "hs")
        return (try? ListQuery.parse([(name: "filter[starts_at]", value: time)], for: plan)) != nil
    }

    @Test(arguments: [
        "2026-11-22T15:00:00Z", "2026-11-22T15:00:00.123456Z", "2026-11-22T15:00:00+05:30", "2024-02-29T00:00:00Z",
        "2000-02-29T23:59:59-08:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    ])
    func `a time is taken`(time: String) throws {
        #expect(try Self.isAccepted(time))
    }

    @Test(arguments: [
        "2026-11-22", "2026-11-22T15:00:00", "2026-11-22 15:00:00Z", "2026-13-01T00:00:00Z", "2023-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z", "2026-11-31T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T15:60:00Z",
        "2026-11-22T15:00:00.1234567Z", "2026-11-22T15:00:00.Z", "2026-11-22T15:00:00+24:00", "0000-01-01T00:00:00Z",
        "now", "infinity", "2026-11-22T15:00:00Z; DROP TABLE x", "２026-11-22T15:00:00Z",
    ])
    func `what isn't a time is refused`(time: String) throws {
        #expect(try !Self.isAccepted(time))
    }
}
