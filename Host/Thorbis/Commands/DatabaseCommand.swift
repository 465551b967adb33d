import ArgumentParser
import Foundation
import HostModel
import HostStorage

/// What an operator does with the database.
struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db", abstract: "Migrate the database, check it, or find it.",
        subcommands: [
            Plan.self, Migrate.self, Status.self, Lint.self, Invariants.self, Address.self, CustomIndexes.self,
            RotateMasterKey.self,
        ])
}

extension DatabaseCommand {
    /// Applies what is missing, for a production database.
    struct Migrate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring the database to what this release and its manifests need.")

        @Flag(help: "Also drop and narrow what the manifests don't have any more; no host of before may run.")
        var contract = false
        @Flag(help: "Also rewrite large tables, which nobody can use meanwhile.") var rewrite = false
        @Flag(help: "Take changed manifests on without a look at whether the data keeps their invariants.")
        var acceptBrokenInvariants = false

        func run() async throws {
            try await reportingFailure {
                let settings = try await Settings.load()
                let address = try Installation.administratorAddress(settings: settings)
                var options = MigrationOptions()
                options.contracts = contract
                options.allowsRewrites = rewrite
                options.checksInvariants = !acceptBrokenInvariants
                options.say = { printLine($0) }
                try await DesiredInstallation.migrate(settings, at: address, options: options)
                printLine("the database is up to date")
            }
        }
    }

    /// Prints a connection string for `psql`.
    struct Address: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "url", abstract: "Print the private cluster's address: psql \"$(thorbis db url)\"")

        enum Role: String, ExpressibleByArgument, CaseIterable { case app, superuser }

        @Option(help: "As whom: app (row-level security applies) or superuser.") var role = Role.app

        func run() async throws {
            try await reportingFailure {
                let settings = try await Settings.load()
                let data = try DataFolder(settings.dataFolder)
                let installation = Installation.at(Installation.presentCluster(below: data))
                printLine(role == .app ? installation.runtimeAddress : installation.administratorAddress)
            }
        }
    }
}
