/// Every step of the platform's schemas, in order.
package enum PlatformMigrations {
    package static let all: [Migration] = [
        .v0001Businesses, .v0002Users, .v0003Auth, .v0004Audit, .v0005Events, .v0006Billing, .v0007Gate,
        .v0008Announcements, .v0009Values, .v0010Idempotency, .v0011Files, .v0012Imports, .v0013States,
        .v0015SchemaState, .v0016Restore, .v0017CustomFields, .v0019Search, .v0020ImportSecrets,
        .v0021CustomIndexes, .v0022CustomVeils, .v0023BatchWords, .v0024Rollouts,
    ]
}
