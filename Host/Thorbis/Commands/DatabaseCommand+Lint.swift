import ArgumentParser
import Foundation
import HostManifest
import HostModel
import HostPostgres
import HostSQL
import HostStorage

extension DatabaseCommand {
    /// Checks the live schemas.
    struct Lint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check what the schemas of the database must have; exit 1 when something is wrong.")

        @Option(help: "text or json.") var format = OutputFormat.text

        func run() async throws {
            try await reportingFailure {
                let findings = try await withAdministeredDatabase { database, manifests in
                    try await CatalogueLint.findings(in: database, manifests: manifests)
                }
                switch format {
                case .json: printLine(JSONValue.array(findings.map(\.json)).text)
                case .text:
                    for finding in findings { printLine(finding.description) }
                    if findings.isEmpty { printLine("nothing is wrong") }
                }
                guard findings.isEmpty else {
                    throw CommandFailure.findings(
                        "\(findings.count) findings. `thorbis plugin explain RULE` says more about a rule.")
                }
            }
        }
    }
}

extension LintFinding {
    fileprivate var json: JSONValue {
        ["rule": .string(rule.rawValue), "object": .string(object), "message": .string(message)]
    }
}

extension CatalogueLint {
    /// Refuses to serve from schemas with findings: row-level security is what keeps businesses apart.
    static func require(of database: Database, manifests: ManifestSet) async throws {
        let findings = try await findings(in: database, manifests: manifests)
        guard findings.isEmpty else {
            throw CommandFailure.findings(
                "the schemas of the database can't be served:\n" + findings.map(\.description).joined(separator: "\n")
                    + "\n`thorbis db lint` shows this, `thorbis plugin explain RULE` says more about a rule.")
        }
    }
}
