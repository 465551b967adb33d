import Foundation
import HostModel
import NIOCore
import NIOPosix
import Testing

/// Imports over HTTP and from the command line, against the real binary.
struct ImportTests {
    private static let imports = "/api/platform/app/v1/imports"

    @Test func `the command imports a messy file, says what is wrong with it, and imports the rest again`() async throws
    {
        let server = try await ThorbisServer.shared.value
        let firm = try await Firm.signUp(at: server.baseURL)
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "customers.csv")
        let text =
            "\u{FEFF}Customer name;E-Mail;Notes;external_id\r\n\"Ann; \"\"the\"\" first\";ANN@example.com;\"two\r\nlines 😀\";1\r\n"
            + "Bob;nonsense;;2\r\n;x@example.com;;3\r\nCyd;;;4"
        try text.write(to: file, atomically: true, encoding: .utf8)
        let password = folder.appending(path: "password")
        try firm.password.write(to: password, atomically: true, encoding: .utf8)
        let signIn = ["--email", firm.email, "--password-file", password.path()]
        let command =
            [
                "import", file.path(), "--to", "hs.customers", "--url", server.baseURL.absoluteString, "--upsert",
                "external_id",
            ]
            + signIn + ["--map", "Customer name=display_name"]

        let refused = try thorbis(command)
        #expect(refused.code == 1, "\(refused.output)")
        #expect(
            refused.output.contains("done: 4 rows imported, 2 new, 0 changed, 0 as they were, 2 failed"),
            "\(refused.output)")
        #expect(refused.output.contains("4     E-Mail         format"), "\(refused.output)")
        let customers = try await firm.client.get("\(Firm.hs)/customers?sort=display_name").json["data"]?.array ?? []
        #expect(customers.map { $0["display_name"]?.string } == ["Ann; \"the\" first", "Cyd"])
        #expect(customers.first?["notes"] == "two\r\nlines 😀")
        #expect(customers.first?["roles"] == ["customer"])

        try text.replacing("nonsense", with: "bob@example.com").replacing(";x@", with: "Dan;x@")
            .write(to: file, atomically: true, encoding: .utf8)
        let corrected = try thorbis(command + ["--format", "json"])
        #expect(corrected.code == 0, "\(corrected.output)")
        let job = try JSONParser.parse(Array(corrected.output.utf8))["import"]
        #expect(job?["rows_created"] == 2)
        #expect(job?["rows_unchanged"] == 2)
    }

    @Test func `bad rows come back with what is wrong and can be sent again`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.shared.value.baseURL)
        let job = try await imported(
            "display_name,email\nAnn,a@example.com\n\"Bob, Jr\",oops\n", firm, ["entity": "core.party"])
        #expect(job["rows_failed"] == 1)
        let path = "\(Self.imports)/\(job["id"]?.string ?? "")"
        let faults = try await firm.client.get("\(path)/faults").json
        #expect(faults["data"]?[0]?["line"] == 3)
        let rows = try await firm.client.get("\(path)/bad-rows").text
        #expect(
            rows
                == "display_name,email,import_fault\r\n\"Bob, Jr\",oops,\"email: The value must be an e-mail address.\"\r\n"
        )
        let again = try await imported(rows.replacing("oops", with: "bob@example.com"), firm, ["entity": "core.party"])
        #expect(again["rows_created"] == 1, "\(again.text)")
    }

    @Test func `numbers have no gap, and values of every type find their form`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
        let shelves = try await imported(
            "code,title\nA-1,First\nB-2,Second\na-1,Again\n", firm, ["entity": "types.shelf"])
        #expect(shelves["rows_created"] == 2, "\(shelves.text)")
        let mapping: JSONValue = ["columns": ["Shelf": "shelf.code"]]
        let order: JSONValue = ["entity": "types.sample", "mapping": mapping]
        let text = "external_id,Shelf,took\n1,a-1,PT1H30M\n2,B-2,\n2,B-2,\n3,Z-9,\n4,,soon\n5,,PT5S\n"
        let samples = try await imported(text, firm, order)
        let path = "\(Self.imports)/\(samples["id"]?.string ?? "")/faults"
        let faults = try await firm.client.get(path).json["data"]?.array ?? []
        #expect(faults.compactMap { $0["row"]?.int } == [3, 4, 5], "\(faults)")
        let made = try await firm.client.get("/api/types/app/v1/samples?sort=number").json["data"]?.array ?? []
        #expect(made.map { $0["number"] } == ["S-000001", "S-000002", "S-000003"])
        #expect(made.map { $0["took"] } == ["PT1H30M", "PT15M", "PT5S"])
    }

    @Test func `what can't be imported is refused before it is`() async throws {
        let server = try await ThorbisServer.shared.value
        let firm = try await Firm.signUp(at: server.baseURL)
        let other = try await Firm.signUp(at: server.baseURL)
        let refused: [(JSONValue, String)] = [
            (["entity": "core.invoice"], "not_importable"), (["entity": "core.nothing"], "unknown_entity"),
            (["entity": "core.party", "mode": "upsert", "key": "notes"], "enum"),
            (["entity": "core.party", "mapping": ["columns": ["x": ["field": 5]]]], "type"),
            (["entity": "core.party", "format": "xlsx"], "enum"), ([:], "required"),
        ]
        for (body, code) in refused {
            let answer = try await firm.client.post(Self.imports, body)
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.json["errors"]?[0]?["code"]?.string == code, "\(answer.text)")
        }
        let id = try #require(try await firm.client.post(Self.imports, ["entity": "core.party"]).json["id"]?.string)
        let path = "\(Self.imports)/\(id)"
        let utf16 = Array("display_name\n".utf8).flatMap { [$0, 0] } + Array(repeating: 0x61, count: 600)
        let encoded = try await upload([0xFF, 0xFE] + utf16, 0, path, firm)
        #expect(encoded.status == 422)
        #expect(encoded.json["detail"]?.string?.contains("UTF-16") == true)
        #expect(try await upload(Array("x".utf8), 7, path, firm).code == "upload_offset")
        for (method, tail) in [
            ("GET", ""), ("GET", "/faults"), ("GET", "/bad-rows"), ("PUT", "/chunks?offset=0"),
            ("POST", "/actions/start"),
            ("POST", "/actions/cancel"),
        ] {
            let body: [UInt8]? = method == "PUT" ? [0x61] : method == "POST" ? Array("{}".utf8) : nil
            let headers = method == "PUT" ? ["Content-Type": "text/csv"] : [:]
            let answer = try await other.client.send(method, path + tail, body: body, headers: headers)
            #expect(answer.status == 404, "\(method) \(tail): \(answer.text)")
        }
        #expect(try await other.client.get(Self.imports).json["data"]?.array?.isEmpty == true)
        #expect(try await firm.client.post("\(path)/actions/cancel").json["status"] == "cancelled")
        #expect(try await firm.client.post("\(path)/actions/start").status == 409)
    }

    @Test func `a host that is killed while it imports 5 MB loses no row and writes none twice`() async throws {
        let folder = ThorbisServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try await ThorbisServer.start(
            dataFolder: folder, environment: ["THORBIS_PORT": "\(try await ThorbisServer.freePort())"])
        let firm = try await Firm.signUp(at: server.baseURL)
        // The first tier imports small files only.
        let tier = try thorbis(["business", "tier", firm.businessID, "professional"], on: folder)
        #expect(tier.code == 0, "\(tier.output)")
        let note = String(repeating: "words and more words ", count: 20)
        let count = 11_500
        let rows = (1...count).map { "Customer \($0),X\($0),\(note)" }.joined(separator: "\n")
        let text = "display_name,external_id,notes\n\(rows)\n"
        #expect(text.utf8.count > 5_000_000)
        let path = try await started(text, firm, ["entity": "core.party"])
        for _ in 0..<2 {
            let before = try await firm.client.get(path).json["rows_done"]?.int ?? 0
            try await eventually(within: .seconds(60)) {
                let job = try await firm.client.get(path).json
                return job["rows_done"]?.int ?? 0 > before || job["status"] == "done" ? true : nil
            }
            let host = try #require(ProcessTable.child(of: server.processID, running: "serve"))
            kill(host, SIGKILL)
            try await eventually(within: .seconds(60)) {
                (try? await firm.client.get("/readyz").status) == 200 ? true : nil
            }
        }
        let job = try await ended(path, firm, within: .seconds(120))
        #expect(job["status"] == "done", "\(job.text)")
        // A row that was written twice would have found its external id taken.
        #expect(job["rows_created"] == .int(Int64(count)), "\(job.text)")
        #expect(job["rows_failed"] == 0)
        #expect(try await server.stop() == 0)
    }

    // MARK: Arranging

    private func upload(_ bytes: [UInt8], _ offset: Int, _ path: String, _ firm: Firm) async throws -> Answer {
        try await firm.client.send(
            "PUT", "\(path)/chunks?offset=\(offset)", body: bytes, headers: ["Content-Type": "text/csv"])
    }

    /// The path of a job whose file is there and that was started.
    private func started(_ text: String, _ firm: Firm, _ order: JSONValue) async throws -> String {
        let id = try #require(try await firm.client.post(Self.imports, order).json["id"]?.string)
        let path = "\(Self.imports)/\(id)"
        let bytes = Array(text.utf8)
        for offset in stride(from: 0, to: bytes.count, by: 1 << 20) {
            let part = Array(bytes[offset..<min(offset + 1 << 20, bytes.count)])
            let answer = try await upload(part, offset, path, firm)
            #expect(answer.status == 200, "\(answer.text)")
        }
        #expect(try await firm.client.post("\(path)/actions/start").status == 200)
        return path
    }

    private func imported(_ text: String, _ firm: Firm, _ order: JSONValue) async throws -> JSONValue {
        let path = try await started(text, firm, order)
        return try await ended(path, firm, within: .seconds(30))
    }

    private func ended(_ path: String, _ firm: Firm, within limit: Duration) async throws -> JSONValue {
        try await eventually(within: limit) { () -> JSONValue? in
            let job = try await firm.client.get(path).json
            // `nil` alone would be JSON's null.
            return ["done", "failed"].contains(job["status"]?.string) ? job : JSONValue?.none
        }
    }

    private func temporaryFolder() throws -> URL {
        let folder = ThorbisServer.temporaryFolder()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private func thorbis(_ arguments: [String], on dataFolder: URL? = nil) throws -> Command.Result {
        var command = Command(arguments: arguments, hearsErrors: false)
        if let dataFolder { command.environment["THORBIS_DATA"] = dataFolder.path() }
        return try command.run()
    }
}
