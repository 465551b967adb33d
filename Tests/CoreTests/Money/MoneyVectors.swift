import Foundation

/// The published vectors of the money rules, as they stand in `money_vectors.json`.
struct MoneyVectors: Decodable {
    struct Gross: Decodable {
        let quantityMilli: Int64
        let unitPriceMinor: Int64
        let priceScale: Int64
        /// Nil where the amount overflows.
        let grossMinor: Int64?
    }

    struct Shares: Decodable {
        let total: Int64
        let weights: [Int64]
        let shares: [Int64]
    }

    struct IncludedTax: Decodable {
        let grossMinor: Int64
        let ratePpm: Int64
        let netMinor: Int64
        let taxMinor: Int64
    }

    struct Document: Decodable {
        struct Line: Decodable {
            let quantityMilli: Int64
            let unitPriceMinor: Int64
            let ratePpm: Int64
            let discountMinor: Int64?
            let netMinor: Int64
            let taxMinor: Int64
        }

        let source: String
        let discountMinor: Int64
        let taxRounding: String
        let lines: [Line]
        let subtotalMinor: Int64
        let discountsMinor: Int64
        let taxMinor: Int64
        let totalMinor: Int64
    }

    let gross: [Gross]
    let shares: [Shares]
    let includedTax: [IncludedTax]
    let documents: [Document]

    static func published() throws -> MoneyVectors {
        guard let url = Bundle.module.url(forResource: "money_vectors", withExtension: "json") else {
            throw CocoaError(.fileNoSuchFile)
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(MoneyVectors.self, from: Data(contentsOf: url))
    }
}
