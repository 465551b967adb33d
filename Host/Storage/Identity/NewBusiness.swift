package import HostAuth
package import HostModel

/// A business that signs up, with its first user; defaults are filled in by the caller, who knows the loaded plugins.
package struct NewBusiness: Sendable {
    /// 1 to 200 characters.
    package let name: String
    /// The plugin of its trade.
    package let industry: PluginID
    /// ISO 4217, three capital letters.
    package let currency: String
    /// IANA name.
    package let timeZone: String
    /// ISO 3166-1 alpha-2.
    package let country: String
    /// 1 to 200 characters.
    package let ownerName: String
    /// Stored in lower case.
    package let email: String
    package let passwordHash: PasswordHash

    package init(
        name: String, industry: PluginID, currency: String = "USD", timeZone: String = "UTC", country: String = "US",
        ownerName: String, email: String, passwordHash: PasswordHash
    ) {
        self.name = name
        self.industry = industry
        self.currency = currency
        self.timeZone = timeZone
        self.country = country
        self.ownerName = ownerName
        self.email = email.lowercased()
        self.passwordHash = passwordHash
    }
}
