package import HostModel

/// What a request may need to know of its business.
package struct BusinessFacts: Hashable, Sendable {
    package let id: BusinessID
    package let name: String
    /// The plugin of its trade, such as `hs`.
    package let industry: String
    /// ISO 4217.
    package let currency: String
    /// IANA name.
    package let timeZone: String
    /// ISO 3166-1 alpha-2.
    package let country: String
    package let tier: Tier

    package init(
        id: BusinessID, name: String, industry: String, currency: String, timeZone: String, country: String, tier: Tier
    ) {
        self.id = id
        self.name = name
        self.industry = industry
        self.currency = currency
        self.timeZone = timeZone
        self.country = country
        self.tier = tier
    }
}
