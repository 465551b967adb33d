import Foundation
import HostModel
import TestSupport
import Testing

/// Random requests against every route of the real binary: each gets an answer, and none is an error of ours.
struct RequestFuzzTests {
    @Test func `no request is answered with an error of the server or not at all`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
        var made = EscapeFirm(firm, try await APIDescription.read(from: firm), mark: "Fuzzone")
        try await made.fill()
        let owner = made
        // Signing out would end the run.
        let routes = owner.description.routes.filter { $0.method != "DELETE" }
        try await Fuzz.run("requests", rounds: 600) { _, generator in
            let route = try #require(routes.randomElement(using: &generator))
            let body = self.body(route, owner, &generator)
            let path = self.path(route, owner, &generator)
            let headers = self.headers(route, &generator)
            do {
                let answer = try await firm.client.send(route.method, path, body: body, headers: headers)
                #expect(
                    answer.status < 500,
                    "\(route.method) \(path) \(body.map { String(decoding: $0, as: UTF8.self) } ?? ""): \(answer.text)")
                if answer.status >= 400 { #expect(answer.code != nil, "\(route.method) \(path): \(answer.text)") }
            } catch {
                Issue.record("\(route.method) \(path): no answer: \(error)")
            }
        }
    }

    private func body(
        _ route: APIDescription.Route, _ firm: EscapeFirm, _ generator: inout SeededGenerator
    ) -> [UInt8]? {
        guard route.isWrite else { return nil }
        guard let schema = route.body else { return Array(Mutation.pick(&generator).utf8) }
        var value = firm.body(
            schema, entity: firm.description.entity(below: route.pattern) ?? route.answer,
            isFull: Bool.random(using: &generator), number: Int.random(in: 1...9_999, using: &generator))
        if case .object(var object) = value, let name = object.names.randomElement(using: &generator) {
            let odd: [JSONValue] = [
                .null, true, .int(.max), .int(.min), 0, .double(1e300), "", [], [:], [[]],
                .string(Mutation.pick(&generator)),
                .string(String(repeating: "x", count: 10_000)), .array(Array(repeating: [:], count: 300)),
            ]
            object[name] = odd.randomElement(using: &generator)
            if Bool.random(using: &generator) { value = .object(object) }
        }
        return Int.random(in: 0..<3, using: &generator) == 0 ? Mutation.of(value.utf8, using: &generator) : value.utf8
    }

    private func path(
        _ route: APIDescription.Route, _ firm: EscapeFirm, _ generator: inout SeededGenerator
    ) -> String {
        let id = firm.description.entity(below: route.pattern).flatMap { firm.ids[$0] } ?? UUID().uuidString
        let odd = Self.encoded(Mutation.pick(&generator))
        var path = route.pattern.replacing("{id}", with: Int.random(in: 0..<4, using: &generator) == 0 ? odd : id)
        guard route.method == "GET" || route.pattern.hasSuffix("/batch") else { return path }
        for index in 0..<Int.random(in: 0..<4, using: &generator) {
            let name = route.parameters.randomElement(using: &generator) ?? "limit"
            path += "\(index == 0 ? "?" : "&")\(Self.encoded(name))=\(Self.encoded(Mutation.pick(&generator)))"
        }
        return path
    }

    private func headers(_ route: APIDescription.Route, _ generator: inout SeededGenerator) -> [String: String] {
        var headers: [String: String] = [:]
        if route.takesVersion {
            headers["If-Match"] = ["\"1\"", "*", "\"x\"", "1", ""].randomElement(using: &generator)
        }
        if Int.random(in: 0..<4, using: &generator) == 0 {
            headers["Idempotency-Key"] = "k\(Int.random(in: 0..<20, using: &generator))"
        }
        return headers
    }

    /// Bytes that a client can't send in a target are encoded.
    private static func encoded(_ text: String) -> String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$'()*+,;:@".utf8)
        return text.utf8.map { byte in
            plain.contains(byte) ? String(UnicodeScalar(byte)) : "%" + String(format: "%02X", byte)
        }.joined()
    }
}
