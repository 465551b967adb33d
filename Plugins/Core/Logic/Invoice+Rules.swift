import PluginAPI

extension Invoice {
    /// Issued and not yet fully paid.
    var isPayable: Bool {
        status == .issued || status == .partiallyPaid
    }
}

extension Invoice.TaxRounding {
    /// The money rule of that name.
    var rule: TaxRounding {
        switch self {
        case .line: .line
        case .document: .document
        }
    }
}

extension Item {
    /// What a line copies from the catalogue (money rule M7).
    var terms: LineTerms {
        get throws(Refusal) {
            LineTerms(
                description: name, price: try UnitPrice(minor: unitPriceMinor, scale: priceScale),
                taxRate: try TaxRate(ppm: taxRatePpm))
        }
    }
}

extension CreateInvoice.Line {
    /// What the client says; the rest comes from the catalogue.
    var stated: StatedTerms {
        StatedTerms(
            description: description, unitPriceMinor: unitPriceMinor, priceScale: priceScale, taxRatePPM: taxRatePpm)
    }
}
