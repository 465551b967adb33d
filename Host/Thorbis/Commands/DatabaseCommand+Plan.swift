import ArgumentParser
import Foundation
import HostManifest
import HostModel
import HostSQL
import HostStorage

/// How a command prints its findings.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

extension DatabaseCommand {
    /// Shows what `migrate` would do.
    struct Plan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what the manifests change in the database; exit 1 when something is refused.")

        @Flag(help: "Show the SQL of each step.") var sql = false
        @Option(help: "text or json.") var format = OutputFormat.text

        func run() async throws {
            try await reportingFailure {
                let outlooks = try await MigrationReport.outlooks()
                switch format {
                case .json: printLine(JSONValue.array(outlooks.map(\.json)).text)
                case .text:
                    for outlook in outlooks { printLine(outlook.planText(showsSQL: sql)) }
                }
                let count = outlooks.reduce(0) { $0 + $1.refusals.count + $1.findings.count }
                guard count == 0 else { throw CommandFailure.findings("\(count) changes are refused.") }
            }
        }
    }

    /// Shows where each plugin's schema stands.
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the version of each plugin's schema, and what is left to do.")

        @Option(help: "text or json.") var format = OutputFormat.text

        func run() async throws {
            try await reportingFailure {
                let outlooks = try await MigrationReport.outlooks()
                switch format {
                case .json: printLine(JSONValue.array(outlooks.map(\.json)).text)
                case .text:
                    for outlook in outlooks { printLine(outlook.statusText) }
                }
            }
        }
    }
}

/// Reads where the schemas of the running installation stand.
enum MigrationReport {
    static func outlooks() async throws -> [MigrationOutlook] {
        try await withAdministeredDatabase { database, manifests in
            let migrator = Migrator(database: database, observer: SilentObserver())
            guard try await migrator.hasPlatform() else {
                throw CommandFailure.environment(
                    "the database isn't migrated to this release; run `thorbis db migrate` first.")
            }
            do {
                return try await migrator.outlook(manifests)
            } catch let error as MigrationError {
                throw CommandFailure.findings(error.description)
            }
        }
    }
}

extension MigrationOutlook {
    fileprivate func planText(showsSQL: Bool) -> String {
        let inTheWay = refusals.dropFirst(plan.refusals.count).map { "refused: " + $0.description }
        let wrong = findings.map { "refused: " + $0.description }
        let text = ([plan.text(showsSQL: showsSQL)] + inTheWay + wrong).joined(separator: "\n")
        return "\(plugin) \(appliedVersion ?? "new") → \(version)\n"
            + text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
    }

    fileprivate var statusText: String {
        var parts = ["\(plugin): applied \(appliedVersion ?? "nothing")"]
        if let appliedDigest { parts.append("digest \(appliedDigest.prefix(12))") }
        let counts = MigrationStep.Phase.allCases.compactMap { phase in
            let count = plan.steps(of: phase).count
            return count == 0 ? nil : "\(count) \(phase.rawValue)"
        }
        parts.append(counts.isEmpty ? "nothing pending" : "pending: " + counts.joined(separator: ", "))
        let refused = refusals.count + findings.count
        if refused > 0 { parts.append("\(refused) refused") }
        if let running {
            let position = running.position.map { ", done up to business \($0)" } ?? ""
            parts.append("under way since \(running.since): \(running.summary)\(position)")
        }
        return parts.joined(separator: "; ")
    }

    fileprivate var json: JSONValue {
        var json = JSONObject([
            "plugin": .string(plugin), "version": .string(version), "current": .bool(isCurrent),
            "steps": .array(
                plan.steps.map { step in
                    [
                        "phase": .string(step.phase.rawValue), "summary": .string(step.summary),
                        "sql": .array(step.statements.map(JSONValue.string)),
                    ]
                }),
            "refusals": .array(
                refusals.map { refusal in
                    [
                        "rule": .string(refusal.rule.rawValue), "place": .string(refusal.place),
                        "message": .string(refusal.message), "way_out": .string(refusal.wayOut),
                    ]
                }),
        ])
        json["findings"] = .array(
            findings.map { finding in
                [
                    "rule": .string(finding.rule.rawValue), "place": .string(finding.place),
                    "object": .string(finding.finding.object), "message": .string(finding.finding.message),
                ]
            })
        json["applied_version"] = appliedVersion.map(JSONValue.string)
        json["applied_digest"] = appliedDigest.map(JSONValue.string)
        json["running"] = running.map { running in
            [
                "summary": .string(running.summary), "since": .string(running.since),
                "position": running.position.map(JSONValue.string) ?? .null,
            ]
        }
        return .object(json)
    }
}
