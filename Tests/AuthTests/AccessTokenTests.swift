import Foundation
import HostAuth
import HostModel
import Testing

struct AccessTokenTests {
    private let keys = SigningKeys.generate()
    private let policy = AccessTokenPolicy(issuer: "https://api.example.com", audience: "thorbis")

    private func forge() throws -> TokenForge { try TokenForge(keys: keys, policy: policy, at: start) }

    private func issue() async throws -> AccessToken {
        let issuer = await AccessTokenIssuer(keys: keys, policy: policy, clock: StillClock(time: start))
        return try await issuer.issue(
            user: UserID(UUID()), session: SessionID(UUID()), business: BusinessID(UUID()), tokenID: UUID())
    }

    /// The code of the refusal; nil when the token is accepted.
    private func refusal(
        of token: String, keys: SigningKeys? = nil, at now: Timestamp = start
    ) async -> Problem.Code? {
        let verifier = await AccessTokenVerifier(keys: keys ?? self.keys, policy: policy)
        do throws(Problem) {
            _ = try await verifier.verify(token, at: now)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `an issued token says what it was issued for`() async throws {
        let token = try await issue()
        let verifier = await AccessTokenVerifier(keys: keys, policy: policy)
        let claims = try await verifier.verify(token.text, at: start)
        #expect(claims == token.claims)
        #expect(claims.expires == start + .seconds(900))
        #expect(!"\(token)".contains(token.text))
    }

    @Test func `the forge makes good tokens, so that what it spoils is what is refused`() async throws {
        #expect(try await refusal(of: forge().token()) == nil)
    }

    @Test func `a token ends after fifteen minutes, without leeway`() async throws {
        let token = try await issue().text
        #expect(await refusal(of: token, at: start + .microseconds(899_999_999)) == nil)
        #expect(await refusal(of: token, at: start + .seconds(900)) == .tokenExpired)
    }

    @Test func `a token of the previous key is good, of the one before that isn't`() async throws {
        let token = try await issue().text
        #expect(await refusal(of: token, keys: keys.rotated()) == nil)
        #expect(await refusal(of: token, keys: keys.rotated().rotated()) == .unauthenticated)
    }

    @Test(arguments: ["none", "HS256", "ES256", "eddsa", ""])
    func `another algorithm is refused`(algorithm: String) async throws {
        var forge = try forge()
        forge.header["alg"] = algorithm
        #expect(try await refusal(of: forge.token()) == .unauthenticated)
        #expect(try await refusal(of: forge.tokenWithHMAC()) == .unauthenticated)
        #expect(try await refusal(of: forge.signingInput() + ".") == .unauthenticated)
    }

    @Test(arguments: ["JWT", "id+jwt", "AT+JWT"])
    func `another type is refused`(type: String) async throws {
        var forge = try forge()
        forge.header["typ"] = type
        #expect(try await refusal(of: forge.token()) == .unauthenticated)
    }

    @Test(arguments: ["jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64"])
    func `a header that brings its own key or an extension is refused`(name: String) async throws {
        var forge = try forge()
        forge.header[name] = "https://attacker.example/keys"
        #expect(try await refusal(of: forge.token()) == .unauthenticated)
    }

    @Test func `an unknown or missing key id is refused, though the signature is right`() async throws {
        var forge = try forge()
        forge.header["kid"] = "other"
        #expect(try await refusal(of: forge.token()) == .unauthenticated)
        forge.header["kid"] = nil
        #expect(try await refusal(of: forge.token()) == .unauthenticated)
    }

    @Test(arguments: ["iss", "aud", "sub", "sid", "bid", "jti"])
    func `another issuer, audience or a name that is no id is refused`(claim: String) async throws {
        var forge = try forge()
        forge.claims[claim] = "https://other.example"
        #expect(try await refusal(of: forge.token()) == .unauthenticated)
    }

    @Test(arguments: ["iss", "aud", "exp", "nbf", "iat", "jti", "sub", "sid", "bid"])
    func `a missing claim is refused`(claim: String) async throws {
        var forge = try forge()
        forge.claims[claim] = nil
        #expect(try await refusal(of: forge.token()) == .unauthenticated)
    }

    @Test func `a token of the future is good for a clock 30 seconds ahead only`() async throws {
        var forge = try forge()
        forge.claims["nbf"] = start.seconds + 30
        #expect(try await refusal(of: forge.token()) == nil)
        forge.claims["nbf"] = start.seconds + 31
        #expect(try await refusal(of: forge.token()) == .unauthenticated)
    }

    @Test(arguments: [901, Int64.max, -1])
    func `a life longer than allowed or out of range is refused`(life: Int64) async throws {
        var forge = try forge()
        forge.claims["exp"] = life == 901 ? start.seconds + life : life
        #expect(try await refusal(of: forge.token()) == .unauthenticated)
    }

    @Test func `a changed, cut, oversize or doubled token is refused`() async throws {
        let token = try await issue().text
        let parts = token.split(separator: ".")
        let other = try await issue().text.split(separator: ".")
        for text in [
            "", "..", String(token.dropLast()), token + "=", token + ".", "\(parts[0]).\(parts[1])",
            "\(parts[0]).\(other[1]).\(parts[2])", token + String(repeating: "A", count: 4_096),
        ] {
            #expect(await refusal(of: text) == .unauthenticated)
        }
    }

    @Test func `a header with a name twice is refused`() async throws {
        let header = #"{"typ":"at+jwt","alg":"none","alg":"EdDSA","kid":"\#(keys.current.id)"}"#
        let parts = try forge().token().split(separator: ".")
        let text = "\(TokenForge.encode(Data(header.utf8))).\(parts[1]).\(parts[2])"
        #expect(await refusal(of: text) == .unauthenticated)
    }

    @Test func `a token of another installation's key is refused`() async throws {
        let token = try await issue().text
        #expect(await refusal(of: token, keys: .generate()) == .unauthenticated)
    }
}
