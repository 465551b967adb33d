import HostGateway
import Testing

struct HTTPEngineTests {
    @Test func `a request is answered with date, length and request id`() async throws {
        try await TestServer.with { server in
            let text = try await server.exchange("GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\nDate: "))
            #expect(text.contains("\r\nContent-Length: 13\r\n"))
            #expect(text.contains("\r\nX-Request-Id: "))
            #expect(text.contains("\r\nConnection: close\r\n"))
            #expect(text.hasSuffix("\r\n\r\n{\"path\":\"/a\"}"))
        }
    }

    @Test func `pipelined requests are answered in their order`() async throws {
        try await TestServer.with { server in
            let paths = (1...50).map { "/p\($0)" }
            let requests = paths.map { "GET \($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined()
            let client = try await server.client()
            try await client.send(requests)
            let text = await client.text(until: "/p50\"}")
            let answered = text.split(separator: "{\"path\":\"").dropFirst().map { $0.prefix { $0 != "\"" } }
            #expect(answered.map(String.init) == paths)
            try await client.close()
        }
    }

    @Test func `a body in pieces arrives whole`() async throws {
        try await TestServer.with { server in
            let client = try await server.client()
            try await client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\nConnection: close\r\n\r\nabc")
            try await client.send("def")
            #expect(await client.textUntilClosed().hasSuffix("\r\n\r\nabcdef"))
        }
    }

    @Test func `a chunked body is joined`() async throws {
        try await TestServer.with { server in
            let text = try await server.exchange(
                "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                    + "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n")
            #expect(text.hasSuffix("\r\n\r\nabcdef"))
        }
    }

    @Test func `HEAD tells the length and sends no body`() async throws {
        try await TestServer.with { server in
            let text = try await server.exchange("HEAD /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            #expect(text.contains("Content-Length: 13\r\n"))
            #expect(text.hasSuffix("\r\n\r\n"))
        }
    }

    @Test func `who expects 100 is told to go on`() async throws {
        try await TestServer.with { server in
            let client = try await server.client()
            try await client.send(
                "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
                    + "Connection: close\r\n\r\n")
            #expect(await client.text(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.send("ok")
            #expect(await client.textUntilClosed().hasSuffix("\r\n\r\nok"))
        }
    }

    @Test func `a HTTP 1_0 client is closed unless it asks to stay`() async throws {
        try await TestServer.with { server in
            let text = try await server.exchange("GET /a HTTP/1.0\r\n\r\n")
            #expect(text.contains("Connection: close\r\n"))
        }
    }

    @Test func `an announced body above the route's bound is refused before it is sent`() async throws {
        try await TestServer.with { server in
            let text = try await server.exchange("POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 413 "))
            #expect(text.contains("\"code\":\"body_too_large\""))
            #expect(text.contains("\"max_bytes\":8"))
        }
    }

    @Test func `a chunked body above the bound is refused while it comes`() async throws {
        try await TestServer.with { server in
            let text = try await server.exchange(
                "POST /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n0\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a@b/c\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\nHost: h\n\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA\u{01}: b\r\n\r\n",
        "GET http://other/ HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: h\r\n\r\n",
        "nonsense\r\n\r\n",
    ])
    func `bytes that two servers could read differently are refused`(_ bytes: String) async throws {
        try await TestServer.with { server in
            let text = try await server.exchange(bytes)
            #expect(text.hasPrefix("HTTP/1.1 400 "), "\(text)")
            #expect(text.contains("\"code\":\"malformed_request\""))
            #expect(text.contains("Connection: close\r\n"))
        }
    }

    @Test func `bad bytes behind a good request don't cost it its answer`() async throws {
        try await TestServer.with { server in
            let text = try await server.exchange("GET /a HTTP/1.1\r\nHost: h\r\n\r\nnonsense\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(text.contains("Connection: close\r\n"))
            #expect(!text.contains("HTTP/1.1 400"))
        }
    }

    @Test func `header fields above the bound are refused`() async throws {
        try await TestServer.with { server in
            let field = String(repeating: "a", count: 17_000)
            let text = try await server.exchange("GET /a HTTP/1.1\r\nHost: h\r\nX: \(field)\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 431 "))
        }
    }

    @Test func `more connections than may be are answered 503`() async throws {
        try await TestServer.with {
            $0.connectionsMax = 1
        } _: { server in
            let first = try await server.client()
            try await first.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = await first.text(until: "/a\"}")
            let second = try await server.client()
            #expect(await second.textUntilClosed().hasPrefix("HTTP/1.1 503 "))
            try await first.close()
        }
    }
}
