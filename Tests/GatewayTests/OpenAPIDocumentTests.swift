import Foundation
import HostGateway
import HostModel
import Testing

struct OpenAPIDocumentTests {
    private func document() async throws -> JSONValue {
        let fixture = try await GatewayFixture()
        let received = ReceivedBytes()
        try await fixture.serving { send in
            received.append(
                try await send("GET /api/public/v1/openapi.json HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
        }
        let text = await received.text { text, _ in !text.isEmpty }
        let body = try #require(text.range(of: "\r\n\r\n")).upperBound
        if let path = ProcessInfo.processInfo.environment["THORBIS_OPENAPI_FILE"] {
            try Data(text[body...].utf8).write(to: URL(filePath: path))
        }
        return try JSONParser.parse(Array(text[body...].utf8))
    }

    @Test func `it has every route of the manifests, with an id of its own for each operation`() async throws {
        let document = try await document()
        let paths = try #require(document["paths"]?.object)
        for path in [
            "/api/hs/app/v1/customers", "/api/hs/app/v1/customers/{id}",
            "/api/hs/app/v1/customers/{id}/actions/archive",
            "/api/hs/app/v1/work-orders/{id}/actions/start", "/api/hs/app/v1/work-orders/{id}/actions/complete",
            "/api/core/app/v1/invoices/{id}/actions/void", "/api/public/v1/businesses", "/api/platform/app/v1/me",
        ] { #expect(paths[path] != nil, "\(path)") }
        let ids = paths.members.flatMap { item in
            (item.value.object?.members ?? []).compactMap { $0.value["operationId"]?.string }
        }
        #expect(ids.count > 50)
        #expect(Set(ids).count == ids.count)
    }

    @Test func `an operation that replaces a create takes its route`() async throws {
        let document = try await document()
        let create = document["paths"]?["/api/hs/app/v1/work-orders"]?["post"]
        #expect(create?["operationId"] == "hs_createWorkOrder")
        #expect(create?["responses"]?["201"] != nil)
    }

    @Test func `an entity that only operations write is listed and read`() async throws {
        let document = try await document()
        let lines = document["paths"]?["/api/core/app/v1/invoice-lines/{id}"]?.object
        #expect(lines?["get"] != nil)
        #expect(lines?["patch"] == nil)
        #expect(document["components"]?["schemas"]?["core.invoice_line.create"] == nil)
    }

    @Test func `every reference leads somewhere`() async throws {
        let document = try await document()
        for reference in references(in: document) {
            let steps = reference.split(separator: "/").dropFirst().map(String.init)
            #expect(steps.reduce(document as JSONValue?) { $0?[$1] } != nil, "\(reference)")
        }
    }

    private func references(in value: JSONValue) -> Set<String> {
        switch value {
        case .object(let object):
            object.members.reduce(into: []) { found, member in
                if member.name == "$ref", let reference = member.value.string { found.insert(reference) }
                found.formUnion(references(in: member.value))
            }
        case .array(let array): array.reduce(into: []) { $0.formUnion(references(in: $1)) }
        default: []
        }
    }
}
