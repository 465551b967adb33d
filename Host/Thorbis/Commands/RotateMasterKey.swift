import ArgumentParser
import Foundation
import HostModel
import HostStorage

extension DatabaseCommand {
    /// Makes a new master key and wraps every business's key by it; hosts need not stop.
    struct RotateMasterKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-master-key",
            abstract: "Make a new master key and wrap the keys of all businesses by it.",
            discussion: """
                Values stay as they are; only the wrapped keys change. Broken off, the same command goes on without
                making another key. Hosts with other data folders need a copy of the new file first: run it again when
                they have one. An older file can go when the command says that nothing is wrapped by it.
                """)

        func run() async throws {
            try await reportingFailure {
                let settings = try await Settings.load()
                let files = MasterKeyFiles(data: try DataFolder(settings.dataFolder))
                let address = try Installation.administratorAddress(settings: settings)
                try await withDatabase(address) { database in
                    let store = OperatorStore(database: database, clock: SystemClock(), observer: SilentObserver())
                    do {
                        try files.prepare()
                        let newest = try files.current().id
                        if try await store.keysNotWrapped(by: newest) == 0 { _ = try files.makeNext() }
                        let count = try await store.rewrap(files)
                        printLine(
                            "\(count) keys are wrapped by master-key-\(try files.current().id); older files can go")
                    } catch let problem as Problem {
                        throw CommandFailure.environment(problem.detail)
                    }
                }
            }
        }
    }
}
