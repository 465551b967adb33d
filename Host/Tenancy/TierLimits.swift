package import HostModel

/// What a tier includes; nil is without limit.
package struct TierLimits: Hashable, Sendable {
    package let usersMax: Int?
    /// Stored files. For `enterprise` what is included; more is a matter of the contract.
    package let storageBytesMax: Int64?
    /// Calls with API keys or OAuth clients in a calendar month, UTC. First-party sessions don't count.
    package let apiCallsPerMonthMax: Int?

    /// Rows of one file that is imported.
    package let importRowsMax: Int?
    /// Fields that a business may add to one entity.
    package let customFieldsPerEntityMax: Int?
    /// How many of them lists find records by.
    package let customIndexesPerEntityMax: Int

    private static let gigabyte: Int64 = 1_000_000_000

    package init(of tier: Tier) {
        switch tier {
        case .starter:
            self.init(
                users: 5, gigabytes: 1, apiCalls: 1_000, customFields: 5, customIndexes: 1, importRows: 1_000)
        case .professional: self.init(users: 25, gigabytes: 10, apiCalls: 10_000, customFields: 50, customIndexes: 5)
        case .enterprise: self.init(users: nil, gigabytes: 100, apiCalls: 100_000, customFields: 500, customIndexes: 20)
        case .fortune500: self.init(users: nil, gigabytes: nil, apiCalls: nil, customFields: nil, customIndexes: 50)
        }
    }

    private init(
        users: Int?, gigabytes: Int64?, apiCalls: Int?, customFields: Int?, customIndexes: Int,
        importRows: Int? = nil
    ) {
        usersMax = users
        storageBytesMax = gigabytes.map { $0 * Self.gigabyte }
        apiCallsPerMonthMax = apiCalls
        customFieldsPerEntityMax = customFields
        customIndexesPerEntityMax = customIndexes
        importRowsMax = importRows
    }
}
