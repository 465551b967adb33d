import PluginAPI

/// Completes the lines of an input with what the catalogue says of their items.
struct LinePricing {
    private let party: Party
    private let store: Store

    init(for party: Party, in store: Store) {
        self.party = party
        self.store = store
    }

    /// The terms of each line, in order; a party that is exempt pays no tax whatever the line says.
    func terms(of lines: [CreateInvoice.Line]) async throws(Refusal) -> [LineTerms] {
        var terms: [LineTerms] = []
        for (index, line) in lines.enumerated() {
            let item = try await catalogueTerms(of: line.item)
            let complete = try LineTerms(line.stated, copyingFrom: item, line: index)
            terms.append(party.taxExempt ? complete.untaxed() : complete)
        }
        return terms
    }

    private func catalogueTerms(of item: Reference<Item>?) async throws(Refusal) -> LineTerms? {
        guard let item else { return nil }
        return try await store.read(item).terms
    }
}
