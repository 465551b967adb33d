import ArgumentParser
import Foundation
import HostManifest
import HostModel
import HostPostgres
import HostStorage

extension DatabaseCommand {
    /// Runs the invariants of all plugins.
    struct Invariants: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the data of every business against the manifests' invariants; exit 1 when one is broken.")

        @Option(help: "One business's id; all of them if not given.") var business: String?
        @Option(help: "text or json.") var format = OutputFormat.text

        func run() async throws {
            try await reportingFailure {
                let broken = try await withAdministeredDatabase { database, manifests in
                    let run = InvariantRun(runner: InvariantRunner(database: database), manifests: manifests)
                    guard let business else { return try await run.all(reporting: format == .text) }
                    guard let id = BusinessID(business) else {
                        throw CommandFailure.usage("\(business) is no business id (a UUID).")
                    }
                    return try await run.one(id)
                }
                switch format {
                case .json: printLine(JSONValue.array(broken.map(\.json)).text)
                case .text: for result in broken { printLine(result.line) }
                }
                guard broken.isEmpty else { throw CommandFailure.findings("\(broken.count) invariants are broken.") }
                if format == .text { printLine("every invariant holds") }
            }
        }
    }
}

/// Goes over businesses, a few at a time, and keeps those results that tell of something broken.
struct InvariantRun: Sendable {
    let runner: InvariantRunner
    let manifests: ManifestSet

    /// As many businesses at once as the pool has connections to spare for.
    private static let parallelMax = 4
    /// Businesses between two lines of progress.
    private static let pageSize = 200
    /// Broken results that are kept for printing.
    private static let resultsMax = 1_000

    func one(_ business: BusinessID) async throws -> [InvariantRunner.Result] {
        try await runner.check(business, manifests).filter(\.isBroken)
    }

    func all(reporting: Bool) async throws -> [InvariantRunner.Result] {
        var broken: [InvariantRunner.Result] = []
        var last: BusinessID?
        var count = 0
        while true {
            let page = try await runner.businesses(after: last, size: Self.pageSize)
            guard let end = page.last else { return broken }
            for start in stride(from: 0, to: page.count, by: Self.parallelMax) {
                let part = page[start..<min(start + Self.parallelMax, page.count)]
                broken += try await check(Array(part)).prefix(Self.resultsMax - broken.count)
            }
            last = end
            count += page.count
            if reporting { printLine("\(count) businesses checked, \(broken.count) invariants broken") }
        }
    }

    private func check(_ businesses: [BusinessID]) async throws -> [InvariantRunner.Result] {
        try await withThrowingTaskGroup(of: [InvariantRunner.Result].self) { group in
            for business in businesses { group.addTask { try await one(business) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }
}

extension InvariantRunner.Result {
    fileprivate var isBroken: Bool { rows != 0 }

    fileprivate var line: String {
        let what = rows.map { "\($0) records, such as \(samples)" } ?? failure ?? "it failed"
        return "\(business): \(plugin).\(invariant.name): \(what)"
    }

    fileprivate var json: JSONValue {
        [
            "business_id": .string(business.description), "plugin": .string(plugin.description),
            "invariant": .string(invariant.name), "title": .string(invariant.title),
            "rows": rows.map { .int(Int64($0)) } ?? .null,
            "sample_ids": (try? JSONParser.parse(Array(samples.utf8))) ?? [],
            "failure": failure.map(JSONValue.string) ?? .null,
        ]
    }
}
