import Foundation
import HostModel
import Testing

/// What an operator and a program see from outside.
struct OperatingTests {
    @Test func `health, readiness, keys and metrics answer without a token`() async throws {
        let client = HTTPClient(baseURL: try await ThorbisServer.shared.value.baseURL)
        #expect(try await client.get("/healthz").status == 200)
        #expect(try await client.get("/readyz").status == 200)
        let keys = try await client.get("/.well-known/jwks.json")
        #expect(keys.json["keys"]?[0]?["crv"] == "Ed25519")
        #expect(keys.json["keys"]?[0]?["d"] == nil, "the private half stays at home")
        let metrics = try await client.get("/metrics")
        #expect(metrics.header("Content-Type")?.hasPrefix("text/plain") == true)
        #expect(metrics.text.contains("# TYPE http_requests_total counter"), "\(metrics.text.prefix(500))")
    }

    @Test func `every series of the metrics is in the operator's manual`() async throws {
        let client = HTTPClient(baseURL: try await ThorbisServer.shared.value.baseURL)
        let manual = try String(
            contentsOf: ThorbisServer.root.appending(path: "docs/OPERATING.md"), encoding: .utf8)
        let types = try await client.get("/metrics").text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
        let names = types.compactMap { $0.split(separator: " ").dropFirst(2).first }
        #expect(names.contains("thorbis_plugin_calls_total") && names.contains("thorbis_plugin_mapped_bytes"))
        #expect(names.contains("process_resident_memory_bytes"))
        #expect(Set(names).count == names.count, "a name has one type")
        for name in names { #expect(manual.contains("`\(name)`"), "\(name) isn't in docs/OPERATING.md") }
    }

    @Test func `the OpenAPI document is valid and has every entity and operation`() async throws {
        let client = HTTPClient(baseURL: try await ThorbisServer.shared.value.baseURL)
        let document = try await client.get("/api/public/v1/openapi.json")
        #expect(document.json["openapi"]?.string?.hasPrefix("3.1") == true)
        let paths = Set(document.json["paths"]?.object?.names ?? [])
        for path in [
            "/api/core/app/v1/items", "/api/core/app/v1/invoices/{id}", "/api/hs/app/v1/customers",
            "/api/hs/app/v1/work-orders/{id}/actions/complete", "/api/public/v1/sessions",
        ] { #expect(paths.contains(path), "\(path) is missing") }
        let file = ThorbisServer.temporaryFolder().appendingPathExtension("json")
        try Data(document.bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let validated = try validate(file)
        #expect(validated.code == 0, "\(validated.output)")
    }

    /// openapi-spec-validator from PyPI; `script/test` installs it in `.build/test-tools`.
    private func validate(_ file: URL) throws -> Command.Result {
        let tool = ThorbisServer.root.appending(path: ".build/test-tools/bin/openapi-spec-validator")
        try #require(
            FileManager.default.isExecutableFile(atPath: tool.path()),
            "openapi-spec-validator is missing: run script/test, which installs it")
        return try Command(executable: tool, arguments: [file.path()]).run()
    }
}
