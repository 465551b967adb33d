package import HostAuth
package import HostModel

/// What the gateway works with for the life of the process; made by the executable.
package struct GatewayServices: Sendable {
    package let credentials: CredentialCache
    package let verifier: AccessTokenVerifier
    package let issuer: AccessTokenIssuer
    package let hasher: PasswordHasher
    package let keys: SigningKeys
    /// What `/metrics` answers.
    package let exposition: @Sendable () async -> String
    package let clock: any WallClock
    package let observer: any Observer
    /// Nil to ask the database each time.
    package let reads: ReadCache?
    /// Whether the database can be reached; asked by `/readyz`.
    package let isReady: @Sendable () -> Bool

    package init(
        credentials: CredentialCache, verifier: AccessTokenVerifier,
        issuer: AccessTokenIssuer, hasher: PasswordHasher, keys: SigningKeys,
        exposition: @escaping @Sendable () async -> String, clock: any WallClock, observer: any Observer,
        reads: ReadCache? = nil, isReady: @escaping @Sendable () -> Bool
    ) {
        self.credentials = credentials
        self.verifier = verifier
        self.issuer = issuer
        self.hasher = hasher
        self.keys = keys
        self.exposition = exposition
        self.clock = clock
        self.observer = observer
        self.reads = reads
        self.isReady = isReady
    }
}
