import Foundation
import HostModel
import Testing

struct BundleTests {
    @Test func `a business moves to another installation and works there`() async throws {
        let here = try await ThorbisServer.gallery.value
        let manifests = try ThorbisServer.galleryManifests().path()
        let firm = try await Firm.signUp("Moving & Sons", at: here.baseURL)
        let order = try await firm.workOrder(lines: [
            ["description": "Trap", "qty_milli": 1_000, "unit_price_minor": 4_500]
        ])
        let upload = try await firm.client.send(
            "POST", "/api/platform/app/v1/files?name=offer.txt", body: Array("hello".utf8),
            headers: ["Content-Type": "text/plain"])
        #expect(upload.status == 201, "\(upload.text)")
        let content = try #require(upload.header("Location")) + "/content"
        let sample = try await firm.make(
            "/api/types/app/v1/samples",
            [
                "title": "=1+1", "tags": ["new", "a|b"], "active": false, "took": "PT90M", "colours": ["green", "red"],
                "valid": ["from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"], "season": ["from": nil],
                "place": ["lat": .double(41.88), "lng": .double(-87.62)],
                "extra": ["any": [1, .double(2.5), "\\ \" \n"]],
                "photo_id": upload.json["id"] ?? .null, "price_minor": -250, "at": "2026-11-22T15:00:00Z",
            ])
        let ticket = try await firm.make("/api/flow/app/v1/tickets", ["title": "Moves"])
        let taken = try await firm.client.post(try #require(ticket["_actions"]?[0]?["href"]?.string))
        #expect(taken.status == 200, "\(taken.text)")
        let lines = try await firm.client.get("/api/types/app/v1/samples/export")
        #expect(try JSONParser.parse(Array(lines.text.dropLast().utf8)) == sample)
        let cells = try await firm.client.get(
            "/api/types/app/v1/samples/export?format=csv&fields=title,tags,took,colours")
        #expect(cells.text.hasSuffix(",'=1+1,\"[\"\"new\"\",\"\"a|b\"\"]\",green|red,PT1H30M\r\n"), "\(cells.text)")
        let folder = ThorbisServer.temporaryFolder()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "firm.tar").path()
        let left = try await Self.run(["business", "export", firm.businessID, "--to", file], here, manifests)
        #expect(left.status == 0, "\(left.text)")

        let there = try await ThorbisServer.start(environment: ["THORBIS_MANIFESTS": manifests])
        let arrived = try await Self.run(["business", "import", file], there, manifests)
        #expect(arrived.status == 0, "\(arrived.text)")
        #expect(
            Self.table(arrived.text)
                == Self.table(left.text).filter { !$0.hasPrefix("manifest.json") && !$0.hasPrefix("users.identity") })
        #expect(try await Self.run(["business", "import", file], there, manifests).status == 1)
        let password = "an entirely new pass phrase"
        let set = try await Self.run(["user", "password", firm.email], there, manifests, input: password + "\n")
        #expect(set.status == 0, "\(set.text)")

        let session = try await HTTPClient(baseURL: there.baseURL).post(
            "/api/public/v1/sessions", ["email": .string(firm.email), "password": .string(password)])
        #expect(session.status == 200, "\(session.text)")
        let client = HTTPClient(baseURL: there.baseURL, token: session.json["access_token"]?.string)
        let id = try #require(order["id"]?.string)
        let moved = try await client.get("\(Firm.hs)/work-orders/\(id)")
        let original = try await firm.client.get("\(Firm.hs)/work-orders/\(id)")
        #expect(moved.json == original.json)
        let movedSample = try await client.get("/api/types/app/v1/samples/\(sample["id"]?.string ?? "")")
        #expect(movedSample.json == sample)
        let movedTicket = try await client.get("/api/flow/app/v1/tickets/\(ticket["id"]?.string ?? "")")
        #expect(movedTicket.json == taken.json)
        #expect(try await client.get(content).text == "hello")
        let export = try await client.get("\(Firm.hs)/customers/export?format=csv&fields=display_name")
        #expect(export.text.hasSuffix("Ada Lovelace\r\n"))
        #expect(try await there.stop() == 0)
    }

    @Test func `an export needs its right and the list's`() async throws {
        let here = try await ThorbisServer.shared.value
        let firm = try await Firm.signUp(at: here.baseURL)
        let bundle = try await firm.client.get("/api/platform/app/v1/export")
        #expect(bundle.status == 200)
        #expect(bundle.header("Content-Type") == "application/x-tar")
        #expect(bundle.text.contains("checksums.json"))
        let refused = try await HTTPClient(baseURL: here.baseURL).get("/api/platform/app/v1/export")
        #expect(refused.status == 401)
        let bad = try await firm.client.get("\(Firm.hs)/customers/export?format=pdf")
        #expect(bad.status == 422)
        #expect(
            try await firm.client.get("\(Firm.hs)/customers/export", headers: ["Accept": "image/png"]).status == 406)
    }

    private static func table(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { $0.split(separator: " ").last?.count == 64 }
    }

    /// Runs a command of the binary against a server's installation.
    private static func run(
        _ arguments: [String], _ server: ThorbisServer, _ manifests: String, input: String = ""
    ) async throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = ThorbisServer.buildFolder.appending(path: "thorbis")
        process.arguments = arguments
        process.currentDirectoryURL = ThorbisServer.root
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["THORBIS_DATA": server.dataFolder.path(), "THORBIS_PASSWORD_COST": "10", "THORBIS_MANIFESTS": manifests]) {
                $1
            }
        let log = server.dataFolder.deletingLastPathComponent().appending(path: "command-\(UUID().uuidString).log")
        try Data().write(to: log)
        defer { try? FileManager.default.removeItem(at: log) }
        let output = try FileHandle(forWritingTo: log)
        let pipe = Pipe()
        process.standardInput = pipe
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try pipe.fileHandleForWriting.close()
        try await eventually(within: .seconds(60)) { process.isRunning ? nil : true }
        return (process.terminationStatus, try String(contentsOf: log, encoding: .utf8))
    }
}
