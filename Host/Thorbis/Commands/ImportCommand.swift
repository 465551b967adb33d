import ArgumentParser
import Foundation
import HostModel

/// Sends a file to a server and watches it being imported.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import a CSV or NDJSON file through the API.",
        discussion: """
            An upload that was interrupted goes on where it stopped when the same command runs again. Exit code 1 when \
            rows failed.
            """)

    enum Output: String, ExpressibleByArgument, CaseIterable { case text, json }
    enum Delimiter: String, ExpressibleByArgument, CaseIterable {
        case comma, semicolon, tab

        var byte: UInt8 {
            switch self {
            case .comma: UInt8(ascii: ",")
            case .semicolon: UInt8(ascii: ";")
            case .tab: UInt8(ascii: "\t")
            }
        }
    }
    enum OnError: String, ExpressibleByArgument, CaseIterable { case `continue`, stop }

    @Argument(help: "The file; NDJSON when its name ends in .ndjson or .jsonl, else CSV.") var file: String
    @Option(name: .customLong("to"), help: "What to import into, such as core.party or hs.customers.")
    var entity: String?
    @Option(help: "The server.") var url = "http://127.0.0.1:8080"
    @Option(help: "An access token; else sign in with --email.") var token: String?
    @Option(help: "Whom to sign in as.") var email: String?
    @Option(help: "A file with the password.") var passwordFile: String?
    @Option(
        name: .customLong("map"),
        help: "A mapping: a YAML or JSON file, or 'Column=field', which may be repeated; 'Column=' leaves it out.")
    var mappings: [String] = []
    @Flag(help: "Leave out columns that fit no field.") var ignoreOthers = false
    @Flag(help: "Check every row and write none.") var dryRun = false
    @Flag(help: "Only read the file here: encoding, quotes, columns. Needs no server.") var readThrough = false
    @Option(name: .customLong("upsert"), help: "Change records that have the same value here, such as external_id.")
    var key: String?
    @Option(help: "What a bad row does: continue or stop.") var onError = OnError.continue
    @Option(help: "comma, semicolon or tab; found out unless given.") var delimiter: Delimiter?
    @Option(help: "text or json.") var format = Output.text

    func run() async throws {
        try await reportingFailure {
            let source = try ImportSource(path: file)
            if readThrough {
                guard try LocalReading(source: source).run(delimiter: delimiter?.byte) else { throw ExitCode(1) }
                return
            }
            let order = try order(source)
            let client = try await ImportClient.signedIn(url: url, token: token, email: email, password: password())
            let progress = ImportProgress(isShown: format == .text)
            let upload = ImportUploading(client: client, source: source, progress: progress)
            let id = try await upload.run(order)
            let job = try await ImportWatch(client: client, progress: progress).run(id)
            let report = ImportReport(job: job, faults: try await client.faults(of: id), client: client)
            printLine(format == .json ? report.json : report.text)
            guard report.isClean else { throw ExitCode(1) }
        }
    }

    private func order(_ source: ImportSource) throws -> JSONObject {
        guard let entity else { throw CommandFailure.usage("--to says what to import into, such as core.party.") }
        var order = JSONObject([
            "entity": .string(entity), "format": .string(source.isNDJSON ? "ndjson" : "csv"),
            "file_name": .string(source.name), "bytes": .int(Int64(source.bytes)), "dry_run": .bool(dryRun),
            "on_error": .string(onError.rawValue), "mode": .string(key == nil ? "insert" : "upsert"),
            "mapping": try MappingArguments(mappings, ignoresOthers: ignoreOthers).json,
        ])
        if let key { order["key"] = .string(key) }
        if let delimiter { order["delimiter"] = .string(delimiter.rawValue) }
        return order
    }

    private func password() throws -> String? {
        guard let passwordFile else { return nil }
        guard let text = try? String(contentsOfFile: passwordFile, encoding: .utf8) else {
            throw CommandFailure.usage("the password file \(passwordFile) can't be read.")
        }
        return text.trimmingCharacters(in: .newlines)
    }
}
