import HostModel
import Testing

/// Sign-in, refresh, sign-out, and every token that is refused.
struct TokenTests {
    private static let me = "/api/platform/app/v1/me"

    @Test func `a signed-in user sees who they are`() async throws {
        let firm = try await Firm.signUp("Pipe & Sons", at: try await server().baseURL)
        let signedIn = try await signIn(firm, firm.password)
        #expect(signedIn.status == 200, "\(signedIn.text)")
        var client = firm.client
        client.token = signedIn.json["access_token"]?.string
        let me = try await client.get(Self.me)
        #expect(me.status == 200)
        #expect(me.json["user"]?["email"]?.string == firm.email)
        #expect(me.json["business"]?["id"]?.string == firm.businessID)
        #expect(me.json["business"]?["tier"] == "starter")
        #expect(me.json["roles"] == ["owner"])
    }

    @Test func `a wrong password and an unknown address give the same answer`() async throws {
        let firm = try await Firm.signUp(at: try await server().baseURL)
        let wrong = try await signIn(firm, "not the pass phrase")
        let unknown = try await HTTPClient(baseURL: firm.client.baseURL).post(
            "/api/public/v1/sessions", ["email": "nobody@example.com", "password": "not the pass phrase"])
        #expect(wrong.status == 401)
        #expect(wrong.code == "sign_in_failed")
        #expect(unknown.status == wrong.status)
        #expect(unknown.json["detail"] == wrong.json["detail"])
    }

    @Test func `no token, a forged one and an expired one are refused, each with its code`() async throws {
        let server = try await server()
        let firm = try await Firm.signUp(at: server.baseURL)
        let forge = try TokenForge(token: try #require(firm.client.token), dataFolder: server.dataFolder)
        let genuine = try forge.signed()
        #expect(try await status(genuine, firm).status == 200, "the forge makes good tokens too")
        let refused: [(String?, String)] = [
            (nil, "unauthenticated"),
            ("not-a-token", "unauthenticated"),
            (forge.unsigned(), "unauthenticated"),
            (try forge.signed(claims: ["exp": 1_700_000_000]), "token_expired"),
            (try forge.signed(claims: ["aud": "another"]), "unauthenticated"),
            (try forge.signed(claims: ["bid": "0190f3f0-0000-7000-8000-000000000001"]), "unauthenticated"),
            (try forge.signed(header: ["typ": "JWT"]), "unauthenticated"),
            (try forge.signed(header: ["alg": "HS256"]), "unauthenticated"),
            (try forge.signed(header: ["kid": "another"]), "unauthenticated"),
            (String(genuine.dropLast(4)) + "AAAA", "unauthenticated"),
        ]
        for (token, code) in refused {
            let answer = try await status(token, firm)
            #expect(answer.status == 401, "\(token ?? "none")")
            #expect(answer.code == code, "\(token ?? "none")")
            #expect(answer.header("WWW-Authenticate")?.hasPrefix("Bearer") == true)
        }
    }

    @Test func `a signed-out session's tokens stop at once`() async throws {
        let firm = try await Firm.signUp(at: try await server().baseURL)
        #expect(try await firm.client.get(Self.me).status == 200)
        let out = try await firm.client.send("DELETE", "/api/platform/app/v1/session", body: nil, headers: [:])
        #expect(out.status == 204, "\(out.text)")
        let after = try await firm.client.get(Self.me)
        #expect(after.status == 401)
        #expect(after.code == "unauthenticated")
        #expect(try await refresh(firm, firm.refreshToken).status == 401)
    }

    @Test func `a refresh token works once, and its second use ends the session`() async throws {
        let firm = try await Firm.signUp(at: try await server().baseURL)
        let renewed = try await refresh(firm, firm.refreshToken)
        #expect(renewed.status == 200, "\(renewed.text)")
        var client = firm.client
        client.token = try #require(renewed.json["access_token"]?.string)
        #expect(try await client.get(Self.me).status == 200)
        #expect(try await refresh(firm, firm.refreshToken).status == 401)
        #expect(try await client.get(Self.me).status == 401, "the reuse revoked the whole family")
        let second = try #require(renewed.json["refresh_token"]?.string)
        #expect(try await refresh(firm, second).status == 401)
    }

    private func server() async throws -> ThorbisServer { try await ThorbisServer.shared.value }

    private func signIn(_ firm: Firm, _ password: String) async throws -> Answer {
        try await HTTPClient(baseURL: firm.client.baseURL).post(
            "/api/public/v1/sessions", ["email": .string(firm.email), "password": .string(password)])
    }

    private func refresh(_ firm: Firm, _ token: String) async throws -> Answer {
        try await HTTPClient(baseURL: firm.client.baseURL).post(
            "/api/public/v1/sessions/refresh", ["refresh_token": .string(token)])
    }

    private func status(_ token: String?, _ firm: Firm) async throws -> Answer {
        try await HTTPClient(baseURL: firm.client.baseURL, token: token).get(Self.me)
    }
}
