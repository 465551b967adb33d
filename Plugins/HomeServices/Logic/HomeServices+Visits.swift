public import PluginAPI

extension HomeServices {
    /// Plans the visit, or plans it anew.
    public func scheduleWorkOrder(_ input: ScheduleWorkOrder, _ call: Call) async throws(Refusal) -> WorkOrder {
        let visit = try Visit(from: input.startsAt, to: input.endsAt)
        var order = try await call.store.locked(input.id)
        order.startsAt = visit.startsAt
        order.endsAt = visit.endsAt
        return try await call.store.transition(order, .schedule)
    }

    /// Closes the work on site, when nothing is missing that the office needs.
    public func completeWorkOrder(_ input: CompleteWorkOrder, _ call: Call) async throws(Refusal) -> WorkOrder {
        var order = try await call.store.locked(input.id)
        let lines = try await order.lines(in: call.store)
        let missing = CompletionGate(lineCount: lines.count, resolution: input.resolution).missing
        guard missing.isEmpty else { throw .completionGate(missing) }
        order.resolution = input.resolution
        order.completedAt = call.now
        return try await call.store.transition(order, .complete)
    }
}
