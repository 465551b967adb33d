import ArgumentParser
import Foundation
import HostModel

/// What an operator does with the database.
struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db", abstract: "Migrate the database, or find it.", subcommands: [Migrate.self, Address.self])
}

extension DatabaseCommand {
    /// Applies what is missing, for a production database.
    struct Migrate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring the database of DATABASE_URL to what this release and its manifests need.")

        func run() async throws {
            try await reportingFailure {
                let settings = try await Settings.load()
                guard settings.databaseURL != nil else {
                    throw CommandFailure.usage("DATABASE_URL is not set. `thorbis up` migrates the private cluster.")
                }
                let data = try DataFolder(settings.dataFolder)
                let installation = try await Installation.start(settings: settings, data: data)
                try await installation.migrate(try ManifestFiles.load(from: settings.manifestFolder))
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
