import ArgumentParser
import HostModel
import HostPostgres
import HostStorage

extension DatabaseCommand {
    /// Builds what finds records by the fields that businesses added.
    struct CustomIndexes: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "custom-indexes",
            abstract: "Index custom fields while the hosts go on; exit 1 when a unique one has a value twice.")

        @Option(help: "One business's id; all of them if not given.") var business: String?
        @Flag(help: "Also build those anew that are ready.") var rebuild = false

        /// Businesses between two lines of progress.
        private static let pageSize = 200

        func run() async throws {
            try await reportingFailure {
                let settings = try await Settings.load()
                let address = try Installation.administratorAddress(settings: settings)
                let isDone = try await withDatabase(address) { database in
                    let builder = CustomIndexBuilder(database: database)
                    guard let business else { return try await all(builder) }
                    guard let id = BusinessID(business) else {
                        throw CommandFailure.usage("\(business) is no business id (a UUID).")
                    }
                    return try await build([id], builder)
                }
                guard isDone else { throw CommandFailure.findings("not every field could be indexed.") }
                printLine("every indexed field is ready")
            }
        }

        private func all(_ builder: CustomIndexBuilder) async throws -> Bool {
            var isDone = true
            var last: BusinessID?
            while true {
                let page = try await builder.businesses(after: last, size: Self.pageSize)
                guard let end = page.last else { return isDone }
                if try await !build(page, builder) { isDone = false }
                last = end
            }
        }

        private func build(_ businesses: [BusinessID], _ builder: CustomIndexBuilder) async throws -> Bool {
            var isDone = true
            for business in businesses {
                for outcome in try await builder.build(business, isRebuilding: rebuild) {
                    printLine(outcome.line)
                    if outcome.state != .ready { isDone = false }
                }
            }
            return isDone
        }
    }
}

extension CustomIndexBuilder.Outcome {
    fileprivate var line: String {
        let end =
            switch state {
            case .ready: "ready"
            case .failed: "two records have one value of a unique field; make them differ and run it again"
            case .building: "a transaction from before is still open; run it again"
            }
        return "\(business): \(entity) custom.\(key): \(end)"
    }
}
