import ArgumentParser
import Foundation
import HostAuth
import HostModel
import HostStorage

/// What an operator does with accounts.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Change an account.", subcommands: [SetPassword.self])
}

extension UserCommand {
    /// Gives an account a password, read from standard input so that it stands in no list of processes.
    struct SetPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "password", abstract: "Give an account the password of the first line of standard input.")

        @Argument(help: "The account's e-mail address.") var email: String

        func run() async throws {
            try await reportingFailure {
                guard let password = readLine(strippingNewline: true), !password.isEmpty else {
                    throw CommandFailure.usage("give the password as the first line of standard input.")
                }
                let settings = try await Settings.load()
                do throws(Problem) {
                    try PasswordPolicy.check(password, email: email, path: "/password")
                } catch {
                    throw CommandFailure.findings(error.faults.first?.detail ?? error.detail)
                }
                let hash = try await settings.passwordHasher.hash(password).description
                try await withDatabase(try Installation.administratorAddress(settings: settings)) { database in
                    let store = OperatorStore(database: database, clock: SystemClock(), observer: SilentObserver())
                    do throws(Problem) {
                        try await store.setPassword(hash, ofAccount: email)
                    } catch {
                        throw error.code == .notFound
                            ? CommandFailure.findings("there is no account \(email).")
                            : CommandFailure.environment(error.detail)
                    }
                }
                printLine("\(email) has the new password")
            }
        }
    }
}
