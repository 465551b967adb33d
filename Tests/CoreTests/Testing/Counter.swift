import PluginAPI
import PluginAPITesting
import Synchronization

/// A small plugin written by hand: numbered tickets, to try the in-memory business with.
final class Counter: VerticalPlugin {
    /// A numbered ticket.
    struct Ticket: Entity {
        static let entityName = "counter.ticket"
        var fields: Fields
    }

    /// The fields of a new ticket.
    struct TicketDraft: Draft {
        typealias Made = Ticket
        let record: Record
    }

    let descriptor = PluginDescriptor(
        id: "counter", version: "1.0.0", manifestDigest: "",
        operations: ["hold", "step", "take", "takeAndFail", "welcome"])
    /// The call that `hold` keeps beyond its end, which no plugin should do.
    let held = Mutex<Call?>(nil)

    func perform(_ operation: String, _ input: Record, _ call: Call) async throws(Refusal) -> Value {
        switch operation {
        case "take": return try await take(call)
        case "takeAndFail":
            _ = try await take(call)
            throw Refusal(code: "changed_mind", message: "Not today.")
        case "welcome": return try await welcome(input, call)
        case "step":
            let ticket = Reference<Ticket>(try input.required("ticket"))
            return .id(try await call.store.adjust(ticket, adding: ["seats": try input.required("by")]).id)
        case "hold":
            held.withLock { $0 = call }
            return .null
        default: throw .notFound(operation)
        }
    }

    private func take(_ call: Call) async throws(Refusal) -> Value {
        let number = try await call.store.nextNumber("ticket")
        let ticket = try await call.store.create(TicketDraft(record: ["number": .text(number)]))
        try await call.publish("ticket.taken", ["ticket": ticket.reference.value])
        return .id(ticket.id)
    }

    /// Follows the event `ticket.taken`.
    private func welcome(_ input: Record, _ call: Call) async throws(Refusal) -> Value {
        var ticket = try await call.store.read(Reference<Ticket>(try input.required("ticket")))
        ticket.fields.set("greeting", .text("Welcome"))
        return .id(try await call.store.save(ticket).id)
    }
}
