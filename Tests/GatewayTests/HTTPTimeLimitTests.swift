import HostGateway
import Testing

struct HTTPTimeLimitTests {
    @Test func `a head that doesn't end is closed`() async throws {
        try await TestServer.with {
            $0.headerTimeout = .milliseconds(30)
        } _: { server in
            let text = try await server.exchange("GET /a HTTP/1.1\r\nHo")
            #expect(text == "")
        }
    }

    @Test func `a half head behind a request keeps its connection no longer than silence would`() async throws {
        try await TestServer.with {
            $0.idleTimeout = .milliseconds(50)
        } _: { server in
            let text = try await server.exchange("GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HT")
            #expect(text.hasSuffix("{\"path\":\"/a\"}"))
        }
    }

    @Test func `a body that doesn't end is answered 408`() async throws {
        try await TestServer.with {
            $0.bodyTimeout = .milliseconds(30)
        } _: { server in
            let text = try await server.exchange("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc")
            #expect(text.hasPrefix("HTTP/1.1 408 "))
        }
    }

    @Test func `a body that doesn't end behind another request is answered 408`() async throws {
        try await TestServer.with {
            $0.bodyTimeout = .milliseconds(30)
        } _: { server in
            let text = try await server.exchange(
                "GET /a HTTP/1.1\r\nHost: h\r\n\r\nPOST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc")
            #expect(text.contains("HTTP/1.1 408 "))
        }
    }

    @Test func `answers that nobody reads aren't made`() async throws {
        try await TestServer.with { server in
            let client = try await server.client(reads: false)
            let one = "GET /large HTTP/1.1\r\nHost: h\r\n\r\n"
            let last = "GET /last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
            try await client.send(String(repeating: one, count: 200) + last)
            // Long enough for all of them, if the server made them.
            for _ in 0..<200 { _ = try await server.exchange("GET /a HTTP/1.0\r\n\r\n") }
            #expect(await server.responder.arrived.text { _, _ in true }.utf8.count < 200)
            try await client.startReading()
            let text = await client.textUntilClosed()
            #expect(text.utf8.count > 200 * PathResponder.largeBytes)
            #expect(text.hasSuffix("{\"path\":\"/last\"}"))
        }
    }

    @Test func `a connection without a next request is closed`() async throws {
        try await TestServer.with {
            $0.idleTimeout = .milliseconds(30)
        } _: { server in
            let text = try await server.exchange("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 200 OK"))
        }
    }

    @Test func `a request past its deadline is cancelled`() async throws {
        try await TestServer.with { server in
            let client = try await server.client()
            try await client.send("GET /late HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = await server.responder.cancelled.text { text, _ in text == "/late" }
            #expect(await client.text(until: "/late\"}").hasPrefix("HTTP/1.1 200"))
            try await client.close()
        }
    }

    @Test func `a client that goes away cancels its request`() async throws {
        try await TestServer.with { server in
            let client = try await server.client()
            try await client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = await server.responder.arrived.text { text, _ in text == "/hold" }
            try await client.close()
            #expect(await server.responder.cancelled.text { text, _ in text == "/hold" } == "/hold")
        }
    }

    @Test func `a stop lets the request in flight finish and says close`() async throws {
        try await TestServer.with { server in
            let client = try await server.client()
            try await client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = await server.responder.arrived.text { text, _ in text == "/hold" }
            server.server.stop()
            server.responder.releaseAll()
            let text = await client.textUntilClosed()
            #expect(text.contains("Connection: close\r\n"))
            #expect(text.hasSuffix("{\"path\":\"/hold\"}"))
        }
    }

    @Test func `a stop closes idle connections after the moment of grace`() async throws {
        try await TestServer.with { server in
            let client = try await server.client()
            try await client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = await client.text(until: "/a\"}")
            server.server.stop()
            #expect(await client.textUntilClosed().hasSuffix("{\"path\":\"/a\"}"))
        }
    }
}
