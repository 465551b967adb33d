import HostManifest
import HostModel
import Testing

struct CounterRefusalTests {
    private func level() throws -> Entity {
        let digest = String(repeating: "0", count: 64)
        let core = try ManifestParser.parse(
            yaml: try Repository.text("manifests/core.yaml"), file: "core.yaml", digest: digest)
        return try #require(core.entity("stock_level"))
    }

    private func record(_ onHand: Int64, _ reserved: Int64, negative: Bool = false) -> [UInt8] {
        let values: JSONValue = [
            "on_hand_milli": .int(onHand), "reserved_milli": .int(reserved), "allow_negative": .bool(negative),
        ]
        return values.utf8
    }

    @Test(
        arguments: [
            (["reserved_milli": 3_000], "reserved_milli", "reserved_within_stock", 2_000),
            (["reserved_milli": -9_000], "reserved_milli", "min", 8_000),
            (["on_hand_milli": -5_000], "on_hand_milli", "reserved_within_stock", 2_000),
            (["on_hand_milli": 9_007_199_254_740_991], "on_hand_milli", "max", 9_007_199_254_730_991),
            (["on_hand_milli": 1_000, "reserved_milli": 4_000], "on_hand_milli", "reserved_within_stock", 0),
        ] as [([String: Int64], String, String, Int64)])
    func `the bound that breaks is named, with how far the counter can go`(
        steps: [String: Int64], field: String, bound: String, available: Int64
    ) throws {
        let problem = try #require(try level().counterRefusal(adding: steps, toRecord: record(10_000, 8_000)))
        #expect(problem.code == .counterOutOfRange)
        #expect(problem.members["field"]?.string == field)
        #expect(problem.members["bound"]?.string == bound)
        #expect(problem.members["available"]?.int == available)
    }

    @Test func `steps that keep every rule aren't refused`() throws {
        let level = try level()
        #expect(level.counterRefusal(adding: ["reserved_milli": 2_000], toRecord: record(10_000, 8_000)) == nil)
        #expect(
            level.counterRefusal(adding: ["reserved_milli": 9_000], toRecord: record(0, 0, negative: true)) == nil)
        let both: [String: Int64] = ["on_hand_milli": 1_000, "reserved_milli": 3_000]
        #expect(level.counterRefusal(adding: both, toRecord: record(10_000, 8_000)) == nil)
    }

    @Test func `a PATCH can't set a counter, a create can`() throws {
        let fields = try level().fields
        let problem = try #require(throws: Problem.self) {
            try InputValidator.patch(fields, ["on_hand_milli": 5])
        }
        #expect(problem.faults.map(\.code) == ["read_only"])
        let id = JSONValue.string("0194d0e0-0000-7000-8000-000000000001")
        let made = try InputValidator.create(fields, ["item_id": id, "location_id": id, "on_hand_milli": 5])
        #expect(made["on_hand_milli"] == 5)
    }
}
