import ArgumentParser
import Foundation
import HostModel
import HostStorage

/// What an operator does with businesses.
struct BusinessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "business", abstract: "Change a business, or move it.",
        subcommands: [SetTier.self, Export.self, Import.self])
}

extension BusinessCommand {
    /// Moves a business to another tier, at once on every host.
    struct SetTier: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "tier", abstract: "Give a business another tier.")

        @Argument(help: "The business's id.") var business: String
        @Argument(help: "starter, professional, enterprise or fortune500.") var tier: String

        func run() async throws {
            try await reportingFailure {
                guard let id = BusinessID(business) else {
                    throw CommandFailure.usage("\(business) is no business id (a UUID).")
                }
                guard let tier = Tier(rawValue: tier) else {
                    let tiers = Tier.allCases.map(\.rawValue).joined(separator: ", ")
                    throw CommandFailure.usage("there is no tier \(tier); there are \(tiers).")
                }
                let settings = try await Settings.load()
                let address = try Installation.administratorAddress(settings: settings)
                try await withDatabase(address) { database in
                    let store = OperatorStore(database: database, clock: SystemClock(), observer: SilentObserver())
                    do throws(Problem) {
                        try await store.setTier(tier, of: id)
                    } catch {
                        throw CommandFailure.environment(error.detail)
                    }
                }
                printLine("\(business) is now \(tier.rawValue)")
            }
        }
    }
}
