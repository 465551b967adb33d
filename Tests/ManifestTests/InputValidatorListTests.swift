import HostManifest
import HostModel
import Testing

struct InputValidatorListTests {
    private let fields = [
        Field(
            "lines",
            .list(
                of: [
                    Field("item", .reference(EntityReference(plugin: .sample, name: "item"))),
                    Field("qty_milli", .quantity(min: 1, max: 1_000), isRequired: true),
                    Field("discount_minor", .money(min: 0, max: 100), defaultValue: 0),
                ], max: 3), isRequired: true)
    ]
    private let item = "0197a3c0-0000-7000-8000-0000000000ab"

    @Test func `items are named by their fields and get their defaults`() throws {
        let values = try InputValidator.input(
            fields, ["lines": [["item_id": .string(item), "qty_milli": 1], ["qty_milli": 2, "discount_minor": 5]]])
        #expect(
            values == [
                "lines": [
                    ["item": .string(item), "qty_milli": 1, "discount_minor": 0],
                    ["qty_milli": 2, "discount_minor": 5],
                ]
            ])
    }

    @Test func `faults of items say where they are`() throws {
        let problem = try #require(throws: Problem.self) {
            try InputValidator.input(
                fields, ["lines": [["qty_milli": 0], 7, ["item_id": "x", "version": 1, "qty_milli": nil]]])
        }
        #expect(
            problem.found == [
                "/lines/0/qty_milli min", "/lines/1 type", "/lines/2/item_id format", "/lines/2/version unknown_field",
                "/lines/2/qty_milli required",
            ])
    }

    @Test func `a list beyond its bound isn't looked into`() throws {
        let problem = try #require(throws: Problem.self) {
            try InputValidator.input(fields, ["lines": [1, 2, 3, 4]])
        }
        #expect(problem.found == ["/lines max"])
    }

    @Test func `an absent list is a fault where it is required`() throws {
        let problem = try #require(throws: Problem.self) { try InputValidator.input(fields, [:]) }
        #expect(problem.found == ["/lines required"])
    }
}
