/// What a business pays for; each includes everything of those before it (the seed's four tiers).
package enum Tier: String, Hashable, Sendable, CaseIterable, Comparable {
    case starter
    case professional
    case enterprise
    case fortune500

    package static func < (left: Tier, right: Tier) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .starter: 0
        case .professional: 1
        case .enterprise: 2
        case .fortune500: 3
        }
    }
}
