import HostGateway
import HostModel
import Testing

/// Every refusal up to the store, in the order of the stages, on the routes of the real manifests.
struct RequestGateTests {
    private let customers = "/api/hs/app/v1/customers"
    private let one = "/api/hs/app/v1/customers/0190f3f0-0000-7000-8000-000000000001"

    private func request(
        _ method: String, _ path: String, token: String? = nil, body: String? = nil, _ fields: String...
    ) -> String {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: h", "Connection: close"] + fields
        if let token { lines.append("Authorization: Bearer \(token)") }
        if let body { lines += ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"] }
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    }

    private func expect(
        _ text: String, _ status: Int, _ code: String, _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(text.hasPrefix("HTTP/1.1 \(status) "), "\(text)", sourceLocation: location)
        #expect(text.contains("\"code\":\"\(code)\""), "\(text)", sourceLocation: location)
        #expect(text.contains("Content-Type: application/problem+json"), sourceLocation: location)
    }

    @Test func `a path that nobody answers, a slash too many, a method that isn't declared`() async throws {
        let fixture = try await GatewayFixture()
        try await fixture.serving { send in
            expect(try await send(request("GET", "/api/hs/app/v1/nothing")), 404, "not_found")
            expect(try await send(request("GET", customers + "/")), 404, "not_found")
            expect(try await send(request("GET", "/api//hs/app/v1/customers")), 404, "not_found")
            let text = try await send(request("PUT", one))
            expect(text, 405, "method_not_allowed")
            #expect(text.contains("Allow: GET, HEAD, OPTIONS, PATCH\r\n"))
            let options = try await send(request("OPTIONS", one))
            #expect(options.hasPrefix("HTTP/1.1 204 "))
            expect(try await send(request("TRACE", one)), 405, "method_not_allowed")
        }
    }

    @Test func `no token, not a bearer token, not one of ours`() async throws {
        let fixture = try await GatewayFixture()
        try await fixture.serving { send in
            let text = try await send(request("GET", one))
            expect(text, 401, "unauthenticated")
            #expect(text.contains("WWW-Authenticate: Bearer\r\n"))
            let basic = request("GET", one, "Authorization: Basic YTpi")
            expect(try await send(basic), 401, "unauthenticated")
            expect(try await send(request("GET", one, token: "a.b.c")), 401, "unauthenticated")
        }
    }

    @Test func `a permission that the role doesn't have`() async throws {
        let fixture = try await GatewayFixture()
        let token = try await fixture.token([("hs.customers.read", .business)])
        try await fixture.serving { send in
            let text = try await send(request("POST", customers, token: token, body: "{}"))
            expect(text, 403, "forbidden")
            #expect(text.contains("\"permission\":\"hs.customers.create\""))
        }
    }

    @Test func `a feature above the tier, and the same one in a higher tier`() async throws {
        let fixture = try await GatewayFixture()
        let starter = try await fixture.token([("hs.*", .business)])
        let professional = try await fixture.token(tier: .professional, [("hs.*", .business)])
        try await fixture.serving { send in
            let text = try await send(request("GET", "/api/hs/app/v1/territories", token: starter))
            expect(text, 403, "feature_not_in_tier")
            #expect(text.contains("\"feature\":\"hs.dispatch\",\"required_tier\":\"professional\""))
            let passed = try await send(request("GET", "/api/hs/app/v1/territories", token: professional))
            // No database runs here: past the gates there is 503 or 504.
            #expect(passed.hasPrefix("HTTP/1.1 50"), "\(passed)")
        }
    }

    @Test func `bodies that aren't what the route takes`() async throws {
        let fixture = try await GatewayFixture()
        let token = try await fixture.token([("hs.*", .business)])
        try await fixture.serving { send in
            let post = { (body: String) in try await send(request("POST", customers, token: token, body: body)) }
            expect(try await post("{\"a\":1,"), 400, "malformed_body")
            let twice = try await post("{\"display_name\":\"A\",\"display_name\":\"B\"}")
            expect(twice, 400, "malformed_body")
            #expect(twice.contains("\"reason\":\"duplicateName\""))
            expect(try await post("[]"), 400, "malformed_body")
            expect(try await post(String(repeating: "[", count: 100)), 400, "malformed_body")
            expect(try await post("{}"), 422, "validation_failed")
            expect(try await post("{\"display_name\":\"A\",\"nickname\":\"B\"}"), 422, "validation_failed")
            expect(try await post("{\"display_name\":7}"), 422, "validation_failed")
            let text =
                request(
                    "POST", customers, token: token, "Content-Type: text/plain", "Content-Length: 2") + "{}"
            expect(try await send(text), 415, "unsupported_media_type")
            expect(try await send(request("GET", one, token: token, "Accept: text/html")), 406, "not_acceptable")
            let large = request("POST", customers, token: token, "Content-Length: 9000000")
            expect(try await send(large), 413, "body_too_large")
        }
    }

    @Test func `a change without, with a stale form of, and with a good precondition`() async throws {
        let fixture = try await GatewayFixture()
        let token = try await fixture.token([("hs.*", .business)])
        try await fixture.serving { send in
            let body = "{\"display_name\":\"A\"}"
            expect(try await send(request("PATCH", one, token: token, body: body)), 428, "precondition_required")
            let any = request("PATCH", one, token: token, body: body, "If-Match: *")
            expect(try await send(any), 428, "precondition_required")
            for tag in ["W/\"1\"", "1", "\"01\"", "\"+1\"", "\"1\", \"2\""] {
                let other = request("PATCH", one, token: token, body: body, "If-Match: \(tag)")
                expect(try await send(other), 412, "version_conflict")
            }
            let good = request("PATCH", one, token: token, body: body, "If-Match: \"1\"")
            let passed = try await send(good)
            #expect(passed.hasPrefix("HTTP/1.1 50"), "\(passed)")
        }
    }

    @Test func `what isn't an id names no record`() async throws {
        let fixture = try await GatewayFixture()
        let token = try await fixture.token([("hs.*", .business)])
        try await fixture.serving { send in
            expect(try await send(request("GET", customers + "/1%27%20or%201", token: token)), 404, "not_found")
            let list = request("GET", customers + "?limit=0", token: token)
            expect(try await send(list), 422, "validation_failed")
            expect(try await send(request("GET", customers + "?q=%zz", token: token)), 400, "malformed_request")
        }
    }

    @Test func `U+0000 in a parameter never reaches the database`() async throws {
        let fixture = try await GatewayFixture()
        let token = try await fixture.token([("platform.*", .business)])
        try await fixture.serving { send in
            let audit = request("GET", "/api/platform/app/v1/audit?entity=hs%00", token: token)
            expect(try await send(audit), 400, "malformed_request")
        }
    }

    @Test func `a status can't be set by a change`() async throws {
        let fixture = try await GatewayFixture()
        let token = try await fixture.token([("hs.*", .business)])
        try await fixture.serving { send in
            let order = "/api/hs/app/v1/work-orders/0190f3f0-0000-7000-8000-000000000001"
            let change = request("PATCH", order, token: token, body: "{\"status\":\"paid\"}", "If-Match: \"1\"")
            expect(try await send(change), 422, "status_not_writable")
        }
    }

    @Test func `health, keys and the document need no token`() async throws {
        let fixture = try await GatewayFixture()
        try await fixture.serving { send in
            let health = try await send(request("GET", "/healthz"))
            #expect(health.hasPrefix("HTTP/1.1 200 "))
            let ready = try await send(request("GET", "/readyz"))
            #expect(ready.hasPrefix("HTTP/1.1 200 "))
            let keys = try await send(request("GET", "/.well-known/jwks.json"))
            #expect(keys.contains("Ed25519"))
            let metrics = try await send(request("GET", "/metrics"))
            #expect(metrics.contains("Content-Type: text/plain"))
        }
    }
}
