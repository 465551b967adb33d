import PluginAPI
import Testing

struct MoneyVectorsTests {
    @Test func `quantity times price is rounded once, halves away from zero`() throws {
        for vector in try MoneyVectors.published().gross {
            let price = try UnitPrice(minor: vector.unitPriceMinor, scale: vector.priceScale)
            if let expected = vector.grossMinor {
                #expect(try price.gross(quantityMilli: vector.quantityMilli) == expected)
            } else {
                #expect(throws: Refusal.amountOverflow) { try price.gross(quantityMilli: vector.quantityMilli) }
            }
        }
    }

    @Test func `an amount is divided by largest remainder`() throws {
        for vector in try MoneyVectors.published().shares {
            #expect(Apportionment.shares(of: vector.total, over: vector.weights) == vector.shares)
        }
    }

    @Test func `tax is taken out of a gross amount`() throws {
        for vector in try MoneyVectors.published().includedTax {
            let parts = try TaxRate(ppm: vector.ratePpm).split(gross: vector.grossMinor)
            #expect(parts.tax == vector.taxMinor)
            #expect(parts.net == vector.netMinor)
        }
    }

    @Test func `documents come to the published totals`() throws {
        for vector in try MoneyVectors.published().documents {
            let rounding = try #require(TaxRounding(rawValue: vector.taxRounding))
            let lines = try vector.lines.map(pricedLine)
            let totals = try DocumentTotals(of: lines, discountMinor: vector.discountMinor, taxRounding: rounding)
            #expect(totals.lines.map(\.netMinor) == vector.lines.map(\.netMinor), "\(vector.source)")
            #expect(totals.lines.map(\.taxMinor) == vector.lines.map(\.taxMinor), "\(vector.source)")
            #expect(totals.subtotalMinor == vector.subtotalMinor, "\(vector.source)")
            #expect(totals.discountMinor == vector.discountsMinor, "\(vector.source)")
            #expect(totals.taxMinor == vector.taxMinor, "\(vector.source)")
            #expect(totals.totalMinor == vector.totalMinor, "\(vector.source)")
        }
    }

    private func pricedLine(_ line: MoneyVectors.Document.Line) throws -> PricedLine {
        PricedLine(
            quantityMilli: line.quantityMilli, price: try UnitPrice(minor: line.unitPriceMinor),
            taxRate: try TaxRate(ppm: line.ratePpm), discountMinor: line.discountMinor ?? 0)
    }
}
