import HostGateway
import Testing

struct HTTPStreamTests {
    private static func get(_ path: String, _ more: String = "", version: String = "1.1") -> String {
        "GET \(path) HTTP/\(version)\r\nHost: h\r\n\(more)\r\n"
    }

    private static let last = "Connection: close\r\n"

    @Test func `pieces go out as chunks, and the connection serves the next request`() async throws {
        try await TestServer.with { server in
            let text = try await server.exchange(Self.get("/stream") + Self.get("/a", Self.last))
            #expect(text.contains("\r\nTransfer-Encoding: chunked\r\n"))
            #expect(!text.prefix(400).contains("Content-Length"))
            #expect(
                text.contains("\r\n\r\n8\r\npiece 1;\r\n8\r\npiece 2;\r\n8\r\npiece 3;\r\n0\r\n\r\nHTTP/1.1 200 OK"))
            #expect(text.hasSuffix("{\"path\":\"/a\"}"))
        }
    }

    @Test func `an empty stream is an empty body`() async throws {
        try await TestServer.with { server in
            let text = try await server.exchange(Self.get("/stream/empty", Self.last))
            #expect(text.hasSuffix("\r\n\r\n0\r\n\r\n"))
        }
    }

    @Test func `a stream of known length has no chunks`() async throws {
        try await TestServer.with { server in
            let text = try await server.exchange(Self.get("/stream/known", Self.last))
            #expect(text.contains("\r\nContent-Length: 6\r\n"))
            #expect(text.hasSuffix("\r\n\r\nabcdef"))
        }
    }

    @Test func `a stream that is shorter than announced closes the connection`() async throws {
        try await TestServer.with { server in
            let text = try await server.exchange(Self.get("/stream/short") + Self.get("/a"))
            #expect(text.hasSuffix("\r\n\r\nabc"))
        }
    }

    @Test func `a problem before the first piece is the answer`() async throws {
        try await TestServer.with { server in
            let text = try await server.exchange(Self.get("/stream/refused") + Self.get("/a", Self.last))
            #expect(text.hasPrefix("HTTP/1.1 404 "))
            #expect(text.contains("\"code\":\"not_found\""))
            #expect(text.hasSuffix("{\"path\":\"/a\"}"))
        }
    }

    @Test func `an error in the middle ends the connection without a last chunk`() async throws {
        try await TestServer.with { server in
            let text = try await server.exchange(Self.get("/stream/broken") + Self.get("/a"))
            #expect(text.hasPrefix("HTTP/1.1 200 OK"))
            #expect(text.hasSuffix("\r\n\r\n5\r\nbegun\r\n"))
        }
    }

    @Test func `a client of HTTP 1_0 gets the bytes and the end of the connection`() async throws {
        try await TestServer.with { server in
            let text = try await server.exchange(Self.get("/stream", "Connection: keep-alive\r\n", version: "1.0"))
            #expect(!text.contains("Transfer-Encoding"))
            #expect(text.hasSuffix("\r\n\r\npiece 1;piece 2;piece 3;"))
        }
    }

    @Test func `HEAD runs no stream`() async throws {
        try await TestServer.with { server in
            let text = try await server.exchange("HEAD /stream/broken HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 200 OK"))
            #expect(text.hasSuffix("\r\n\r\n"))
        }
    }

    @Test func `what nobody reads isn't made`() async throws {
        try await TestServer.with { server in
            let client = try await server.client(reads: false)
            try await client.send(Self.get("/stream/large", Self.last))
            // Long enough for all of it, if the server made it.
            for _ in 0..<200 { _ = try await server.exchange("GET /a HTTP/1.0\r\n\r\n") }
            #expect(await server.responder.arrived.text { _, _ in true }.utf8.count < PathResponder.pieceCount)
            try await client.startReading()
            let text = await client.textUntilClosed()
            #expect(text.utf8.count { $0 == UInt8(ascii: "#") } == PathResponder.pieceCount * PathResponder.piece.count)
            #expect(text.hasSuffix("\r\n0\r\n\r\n"))
        }
    }

    @Test func `a client that doesn't read is cut off`() async throws {
        try await TestServer.with {
            $0.streamStallTimeout = .milliseconds(40)
        } _: { server in
            let client = try await server.client(reads: false)
            try await client.send(Self.get("/stream/large"))
            #expect(await server.responder.cancelled.text { text, _ in !text.isEmpty } == "/stream/large")
            try await client.startReading()
            #expect(await client.textUntilClosed().hasSuffix("\r\n0\r\n\r\n") == false)
        }
    }

    @Test func `a stream past its deadline is cut off`() async throws {
        try await TestServer.with { server in
            let client = try await server.client(reads: false)
            try await client.send(Self.get("/stream/late"))
            #expect(await server.responder.cancelled.text { text, _ in !text.isEmpty } == "/stream/late")
        }
    }

    @Test func `a client that leaves ends its stream`() async throws {
        try await TestServer.with { server in
            let client = try await server.client(reads: false)
            try await client.send(Self.get("/stream/large"))
            _ = await server.responder.arrived.text { text, _ in !text.isEmpty }
            try await client.close()
            #expect(await server.responder.cancelled.text { text, _ in !text.isEmpty } == "/stream/large")
        }
    }

    @Test func `large bodies have room together only`() async throws {
        try await TestServer.with {
            $0.largeBodyBytes = 4
            $0.bodyRoomBytes = 10
        } _: { server in
            let first = try await server.client()
            try await first.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc")
            _ = try await server.exchange("GET /a HTTP/1.0\r\n\r\n")
            let refused = try await server.exchange("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabcdef")
            #expect(refused.hasPrefix("HTTP/1.1 503 "))
            let small = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nConnection: close\r\n\r\nabcd"
            #expect(try await server.exchange(small).hasSuffix("\r\n\r\nabcd"))
            try await first.send("def")
            #expect(await first.text(until: "abcdef").hasSuffix("abcdef"))
            let later = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\nConnection: close\r\n\r\nabcdef"
            #expect(try await server.exchange(later).hasSuffix("\r\n\r\nabcdef"))
            try await first.close()
        }
    }
}
