import Foundation
import HostJobs
import HostManifest
import HostModel
import HostStorage
import HostTransfer
import TestSupport
import Testing

/// Imports from the outside: a job is made, filled and started as the routes do, and worked on by a runner.
struct ImportFixture {
    let installation: TestInstallation
    let firm: SignedUp

    var store: ImportStore { installation.storage.imports }
    var runner: ImportRunner { ImportRunner(storage: installation.storage, observer: SilentObserver()) }

    /// A firm of a tier that imports files of any length, unless told otherwise.
    static func make(
        _ manifests: ManifestSet? = nil, tier: Tier = .professional, _ test: (ImportFixture) async throws -> Void
    ) async throws {
        try await TestInstallation.make(manifests) { installation in
            let firm = try await installation.signUp("ann@example.com")
            try await TestInstallation.withDatabase(installation.place, as: .superuser) { database in
                _ = try await database.ask(
                    "UPDATE businesses.business SET tier = $1 WHERE id = $2::uuid",
                    [tier.rawValue, firm.grant.business.description])
            }
            try await test(ImportFixture(installation: installation, firm: firm))
        }
    }

    /// A job with its file, not started yet.
    func uploaded(
        _ text: String, to entity: String = "core.party", mode: ImportOrder.Mode = .insert, key: String? = nil,
        isDryRun: Bool = false, stopsOnError: Bool = false, mapping: JSONValue = [:], format: FileFormat = .csv
    ) async throws -> RecordID {
        let order = ImportOrder(
            entity: entity, format: format, delimiter: nil, mode: mode,
            key: mode == .upsert ? key ?? "external_id" : nil,
            isDryRun: isDryRun, stopsOnError: stopsOnError, fileName: "file.csv", mapping: mapping, bytes: nil)
        let id = try await store.create(order, in: firm.scope)
        let bytes = Array(text.utf8)
        if !bytes.isEmpty { try await store.append(bytes, at: 0, to: id, in: firm.scope) }
        return id
    }

    /// Starts a job and works on it to its end.
    func run(_ id: RecordID, isDryRun: Bool? = nil) async throws -> JSONValue {
        try await store.start(id, isDryRun: isDryRun, in: firm.scope)
        while await runner.step() {}
        return try await job(id)
    }

    func imported(
        _ text: String, to entity: String = "core.party", mode: ImportOrder.Mode = .insert, key: String? = nil,
        isDryRun: Bool = false, stopsOnError: Bool = false, mapping: JSONValue = [:], format: FileFormat = .csv
    ) async throws -> JSONValue {
        try await run(
            try await uploaded(
                text, to: entity, mode: mode, key: key, isDryRun: isDryRun, stopsOnError: stopsOnError,
                mapping: mapping, format: format))
    }

    func job(_ id: RecordID) async throws -> JSONValue {
        try JSONParser.parse(try await store.read(id, in: firm.scope).json.bytes)
    }

    /// `row:column:code` of each fault.
    func faults(_ job: JSONValue) async throws -> [String] {
        let id = try #require(job["id"]?.string.flatMap { RecordID($0) })
        let page = try await store.faults(of: id, limit: 200, cursor: nil, in: firm.scope)
        return try page.records.map { record in
            let fault = try JSONParser.parse(record.bytes)
            return "\(fault["row"]?.int ?? 0):\(fault["column"]?.string ?? "-"):\(fault["code"]?.string ?? "")"
        }
    }

    /// The first column of an answer, asked for this firm.
    func ask(_ text: String) async throws -> [String] {
        try await installation.database.ask(text, business: firm.grant.business).texts
    }

    var partyCount: Int {
        get async throws { Int(try await ask("SELECT count(*)::text FROM core.party").first ?? "") ?? -1 }
    }
}

extension JSONValue {
    /// `created/updated/unchanged/failed`.
    var tally: String {
        ["rows_created", "rows_updated", "rows_unchanged", "rows_failed"].map { "\(self[$0]?.int ?? -1)" }
            .joined(separator: "/")
    }
}
