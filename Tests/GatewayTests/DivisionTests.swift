import Foundation
import HostAuth
import HostGateway
import HostManifest
import HostModel
import HostPlugins
import Testing

/// Two sets of plugins that share the businesses.
struct DivisionTests {
    private let customers = "/api/hs/app/v1/customers"

    private func request(_ path: String, token: String? = nil) -> String {
        let fields = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        return "GET \(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\(fields)\r\n"
    }

    private func token(of business: BusinessID, _ fixture: GatewayFixture) async throws -> String {
        try await fixture.issuer.issue(
            user: UserID(UUID()), session: SessionID(UUID()), business: business, tokenID: UUID()
        ).text
    }

    /// Another token's head and signature around a claim.
    private func tampered(_ token: String, _ claim: String) throws -> String {
        let parts = token.split(separator: ".")
        try #require(parts.count == 3)
        return "\(parts[0]).\(claim).\(parts[2])"
    }

    private func status(_ answer: String) -> String { String(answer.dropFirst("HTTP/1.1 ".count).prefix(3)) }

    @Test func `a business gets its set's routes and document, with every request, and everybody else the stable ones`()
        async throws
    {
        let fixture = try await GatewayFixture()
        // The other set has no hs: what is a route for others isn't one for its businesses.
        let core = try ManifestSet.resolve(
            try GatewayFixture.manifests().manifests.filter { $0.id.description == "core" })
        let other = try fixture.gateway.snapshot(
            PluginSnapshot(manifests: core, entries: [:]), storage: fixture.storage)
        let (listed, usual) = (BusinessID(UUID()), BusinessID(UUID()))
        let choice = SnapshotChoice(
            canary: .init(plugin: try #require(PluginID("hs")), percent: 0, businesses: [listed], set: 1))
        let stable = fixture.gateway.stable
        try await fixture.serving { send in
            let tokens = (try await token(of: listed, fixture), try await token(of: usual, fixture))
            let change = fixture.gateway.serve(stable, others: [other], choice: choice)
            #expect(change.lines == [], "the stable one is what it was")
            for _ in 0..<3 {
                #expect(status(try await send(request(customers, token: tokens.0))) == "404")
                #expect(status(try await send(request(customers, token: tokens.1))) != "404")
            }
            #expect(status(try await send(request(customers))) == "401")
            let document = "/api/public/v1/openapi.json"
            #expect(try await !send(request(document, token: tokens.0)).contains(customers))
            #expect(try await send(request(document, token: tokens.1)).contains(customers))
            #expect(try await send(request(document)).contains(customers))
            // A forged claim gets what everybody gets: it tells nobody which version the business has.
            let claim = Base64URL.encode(Array(#"{"bid":"\#(listed)"}"#.utf8))
            let parties = "/api/core/app/v1/parties"
            let forged = ["e30.\(claim).x", try tampered(tokens.1, claim), tokens.0 + "x"]
            for token in forged {
                #expect(status(try await send(request(parties, token: token))) == "401")
                #expect(
                    status(try await send(request(customers, token: token))) == "401", "it is a route of the stable set"
                )
                #expect(try await send(request(document, token: token)).contains(customers))
            }

            _ = fixture.gateway.serve(stable)
            #expect(status(try await send(request(customers, token: tokens.0))) != "404")
        }
    }
}
