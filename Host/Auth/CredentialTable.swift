import HostModel

/// The entries of a ``CredentialCache``: slots in a ring, found by token, session, user and business.
///
/// A plain value without clock or lock. Invariant: every index holds exactly the occupied slots.
struct CredentialTable: Sendable {
    private struct Entry {
        let token: TokenKey
        let edition: Int
        let principal: Principal
        let until: Timestamp
    }

    /// How many times anything was forgotten, also when nothing of it was here.
    private(set) var epoch: UInt64 = 0

    private let entriesMax: Int
    private var ring: [Entry?] = []
    private var hand = 0
    private var byToken: [TokenKey: Int] = [:]
    private var bySession: [SessionID: Set<Int>] = [:]
    private var byUser: [UserID: Set<Int>] = [:]
    private var byBusiness: [BusinessID: Set<Int>] = [:]

    init(entriesMax: Int) {
        self.entriesMax = entriesMax
    }

    var count: Int { byToken.count }

    mutating func principal(of token: TokenKey, edition: Int, at now: Timestamp) -> Principal? {
        guard let slot = byToken[token], let entry = ring[slot], entry.edition == edition else { return nil }
        guard now < entry.until else {
            remove(slot)
            return nil
        }
        return entry.principal
    }

    mutating func insert(_ token: TokenKey, edition: Int, _ principal: Principal, until: Timestamp) {
        if let slot = byToken[token] { remove(slot) }
        let slot = nextSlot()
        ring[slot] = Entry(token: token, edition: edition, principal: principal, until: until)
        byToken[token] = slot
        bySession[principal.session, default: []].insert(slot)
        byUser[principal.user, default: []].insert(slot)
        byBusiness[principal.business, default: []].insert(slot)
    }

    func slots(of session: SessionID) -> Set<Int> { bySession[session] ?? [] }
    func slots(of user: UserID) -> Set<Int> { byUser[user] ?? [] }
    func slots(of business: BusinessID) -> Set<Int> { byBusiness[business] ?? [] }

    /// Removes the slots and turns away every verification under way.
    ///
    /// The epoch is one for all: a verification knows neither session nor business until it is done, and a refused
    /// insert costs no more than one further verification.
    mutating func forget(_ slots: Set<Int>) {
        epoch += 1
        for slot in slots { remove(slot) }
    }

    mutating func forgetAll() {
        let next = epoch + 1
        self = CredentialTable(entriesMax: entriesMax)
        epoch = next
    }

    /// The slot under the hand, emptied; the ring grows until it has its size.
    private mutating func nextSlot() -> Int {
        guard ring.count == entriesMax else {
            ring.append(nil)
            return ring.count - 1
        }
        let slot = hand
        hand = (hand + 1) % entriesMax
        remove(slot)
        return slot
    }

    private mutating func remove(_ slot: Int) {
        guard let entry = ring[slot] else { return }
        ring[slot] = nil
        byToken[entry.token] = nil
        Self.remove(slot, of: entry.principal.session, from: &bySession)
        Self.remove(slot, of: entry.principal.user, from: &byUser)
        Self.remove(slot, of: entry.principal.business, from: &byBusiness)
    }

    private static func remove<Key: Hashable>(_ slot: Int, of key: Key, from index: inout [Key: Set<Int>]) {
        index[key]?.remove(slot)
        if index[key]?.isEmpty == true { index[key] = nil }
    }
}
