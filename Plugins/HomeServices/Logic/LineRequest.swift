import PluginAPI

/// A line as a client asks for it, whichever operation it came with.
struct LineRequest {
    let kind: WorkOrderLine.Kind
    let item: Reference<Core.Item>?
    let qtyMilli: Int64
    let stated: StatedTerms

    init(_ line: CreateWorkOrder.Line) {
        kind = line.kind
        item = line.item
        qtyMilli = line.qtyMilli
        stated = StatedTerms(
            description: line.description, unitPriceMinor: line.unitPriceMinor, priceScale: line.priceScale,
            taxRatePPM: line.taxRatePpm)
    }

    init(_ line: SetWorkOrderLines.Line) {
        kind = line.kind
        item = line.item
        qtyMilli = line.qtyMilli
        stated = StatedTerms(
            description: line.description, unitPriceMinor: line.unitPriceMinor, priceScale: line.priceScale,
            taxRatePPM: line.taxRatePpm)
    }
}
