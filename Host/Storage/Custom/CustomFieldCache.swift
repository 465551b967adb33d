import HostManifest
package import HostModel
import Synchronization

/// The custom fields of businesses at work, so that a write doesn't read them first.
///
/// One per process. Bounded: when it is full it starts anew, which costs each business one small read. Dropped at once
/// for what this host changes and by notification for what another one does.
package final class CustomFieldCache: Sendable {
    private struct State {
        var epoch: UInt64 = 0
        var businesses: [BusinessID: [EntityReference: CustomFields]] = [:]
    }

    /// Businesses at most, by default.
    package static let defaultBusinessesMax = 10_000

    private let businessesMax: Int
    private let state = Mutex(State())

    package init(businessesMax: Int = defaultBusinessesMax) {
        precondition(businessesMax >= 1)
        self.businessesMax = businessesMax
    }

    /// What is known of a business, or the ticket that keeping what is about to be read needs.
    func lookup(_ business: BusinessID) -> (fields: [EntityReference: CustomFields]?, ticket: UInt64) {
        state.withLock { ($0.businesses[business], $0.epoch) }
    }

    /// Keeps what was read, unless anything was forgotten since the ticket was drawn: it may have been what was read.
    func keep(_ fields: [EntityReference: CustomFields], of business: BusinessID, _ ticket: UInt64) {
        state.withLock { state in
            guard state.epoch == ticket else { return }
            if state.businesses.count >= businessesMax { state.businesses.removeAll() }
            state.businesses[business] = fields
        }
    }

    package func forget(_ business: BusinessID) {
        state.withLock { state in
            state.epoch += 1
            state.businesses[business] = nil
        }
    }

    package func forgetAll() {
        state.withLock { state in
            state.epoch += 1
            state.businesses.removeAll()
        }
    }
}
