import PluginAPI
import Testing

struct LineTermsTests {
    @Test func `what the client leaves out is copied from the item`() throws {
        let item = try Self.item()
        let terms = try LineTerms(Self.stated(), copyingFrom: item, line: 0)
        #expect(terms == item)
    }

    @Test func `what the client states wins over the item`() throws {
        let stated = Self.stated(description: "Night call", price: 200, rate: 0)
        let terms = try LineTerms(stated, copyingFrom: try Self.item(), line: 0)
        #expect(terms == LineTerms(description: "Night call", price: try UnitPrice(minor: 200), taxRate: .zero))
    }

    @Test func `a stated price doesn't take the item's scale`() throws {
        let terms = try LineTerms(Self.stated(price: 90), copyingFrom: try Self.item(), line: 0)
        #expect(terms.price == (try UnitPrice(minor: 90, scale: 0)))
    }

    @Test func `without an item, description and price are required at their line`() throws {
        #expect(throws: Refusal.invalid("/lines/3/description", code: "required")) {
            try LineTerms(Self.stated(price: 90), copyingFrom: nil, line: 3)
        }
        #expect(throws: Refusal.invalid("/lines/3/unit_price_minor", code: "required")) {
            try LineTerms(Self.stated(description: "Pipe"), copyingFrom: nil, line: 3)
        }
    }

    @Test func `a scale without a price is refused`() throws {
        #expect(throws: Refusal.invalid("/lines/0/unit_price_minor", code: "required")) {
            try LineTerms(Self.stated(scale: 2), copyingFrom: try Self.item(), line: 0)
        }
    }

    @Test func `without an item and a rate there is no tax`() throws {
        let terms = try LineTerms(Self.stated(description: "Pipe", price: 90), copyingFrom: nil, line: 0)
        #expect(terms.taxRate == .zero)
    }

    private static func item() throws -> LineTerms {
        LineTerms(
            description: "Copper pipe", price: try UnitPrice(minor: 89_404, scale: 3),
            taxRate: try TaxRate(ppm: 82_500))
    }

    private static func stated(
        description: String? = nil, price: Int64? = nil, scale: Int64? = nil, rate: Int64? = nil
    ) -> StatedTerms {
        StatedTerms(description: description, unitPriceMinor: price, priceScale: scale, taxRatePPM: rate)
    }
}
