import PluginAPI

extension WorkOrder {
    /// Whether lines can still change: once the work is done they are what was done.
    var takesLines: Bool {
        switch status {
        case .draft, .scheduled, .inProgress, .onHold: true
        case .completed, .invoiced, .paid, .cancelled: false
        }
    }

    /// Takes over what its lines come to.
    mutating func take(_ totals: DocumentTotals) {
        subtotalMinor = totals.subtotalMinor
        discountMinor = totals.discountMinor
        taxMinor = totals.taxMinor
        totalMinor = totals.totalMinor
    }
}
