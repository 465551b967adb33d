import PluginAPI

extension Core.Item {
    /// What a line copies from the catalogue (money rule M7).
    var terms: LineTerms {
        get throws(Refusal) {
            LineTerms(
                description: name, price: try UnitPrice(minor: unitPriceMinor, scale: priceScale),
                taxRate: try TaxRate(ppm: taxRatePpm))
        }
    }
}

extension Core.Invoice.TaxRounding {
    /// The money rule of that name.
    var rule: TaxRounding {
        switch self {
        case .line: .line
        case .document: .document
        }
    }
}
