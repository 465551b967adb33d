package import HostTenancy

/// How the gateway serves; read once at start.
package struct GatewayConfiguration: Sendable {
    package var server: ServerConfiguration
    /// The origins whose pages may call the API, such as `https://app.example.com`.
    package var corsOrigins: [String] = []
    /// Tries to sign in, by client address; nil for no limit.
    package var signInRate: RatePolicy? = .signInPerAddress
    /// Tries to sign in, by account; nil for no limit.
    package var accountRate: RatePolicy? = .signInPerAccount
    /// New businesses, by client address; nil for no limit.
    package var signUpRate: RatePolicy? = .signUpPerAddress
    /// Requests of one business; nil for no limit, as benchmarks need it.
    package var burstRate: RatePolicy? = RatePolicy(name: "burst", quota: 2_000, window: .seconds(10))
    /// The version of the host, for the OpenAPI document.
    package var version: String = "0.1.0"

    package init(server: ServerConfiguration) {
        self.server = server
    }
}
