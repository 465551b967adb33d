import ArgumentParser
import Foundation
import HostManifest
import HostModel
import HostPlugins
import HostStorage

/// How long a command on rollouts waits.
struct WaitOption: ParsableArguments {
    @Option(help: "Seconds to wait for every host to answer; 0 not to wait.") var wait = 30

    func limit() throws -> Duration {
        guard (0...RolloutWait.secondsMax).contains(wait) else {
            throw CommandFailure.usage("--wait is \(wait); give seconds, at most \(RolloutWait.secondsMax).")
        }
        return .seconds(wait)
    }
}

extension PluginCommand {
    /// Tries a version on some businesses, or lets it serve all.
    struct RollOut: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rollout",
            abstract: "Let a version serve some businesses on all hosts of the database, or promote it.")

        @Argument(help: "The plugin's id.") var plugin: String
        @Option(help: "The version to try; the one that is tried, without it.") var version: String?
        @Option(help: "Of the businesses; 10 unless businesses are named.") var percent: Int?
        @Option(help: "A business that gets it whatever the percentage says; may be given again.")
        var business: [String] = []
        @Flag(help: "Let the version that is tried serve everybody.") var promote = false
        @OptionGroup var waiting: WaitOption

        func run() async throws {
            try await reportingFailure {
                let limit = try waiting.limit()
                let id = try RolloutDesk.plugin(plugin)
                let businesses = try business.map { try RolloutDesk.business($0) }
                guard !promote || (version == nil && percent == nil && business.isEmpty) else {
                    throw CommandFailure.usage(
                        "--promote is about the version that is tried; leave the other options out.")
                }
                try await RolloutDesk.open { desk in
                    let row = try await desk.write(try await order(desk, id, businesses), of: id)
                    printLine(RolloutText.order(row))
                    try await RolloutWait(store: desk.store, limit: limit).run(row)
                }
            }
        }

        private func order(
            _ desk: RolloutDesk, _ plugin: PluginID, _ businesses: [BusinessID]
        ) async throws -> RolloutOrder {
            if promote { return .promote }
            let candidate: PackageVersion
            if let version {
                candidate = try desk.installed(plugin, try RolloutDesk.version(version))
            } else if let tried = try await desk.desired()[plugin]?.canary {
                candidate = tried
            } else {
                throw CommandFailure.usage("no version of \(plugin) is being tried; name one with --version.")
            }
            try await desk.check(businesses)
            return .roll(candidate, percent: percent, businesses: businesses.isEmpty ? nil : businesses)
        }
    }

    /// Goes back.
    struct RollBack: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rollback",
            abstract: "Take the version that is tried back, or else go back to the one before the last promotion.")

        @Argument(help: "The plugin's id.") var plugin: String
        @Option(help: "Why, for whoever looks at it later.") var reason: String?
        @OptionGroup var waiting: WaitOption

        func run() async throws {
            try await reportingFailure {
                let limit = try waiting.limit()
                let id = try RolloutDesk.plugin(plugin)
                try await RolloutDesk.open { desk in
                    let row = try await desk.write(.rollBack(reason: reason), of: id)
                    printLine(RolloutText.order(row))
                    try await RolloutWait(store: desk.store, limit: limit).run(row)
                }
            }
        }
    }

    /// Shows what is wanted of plugins, and what every host made of it.
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show rollouts and pins, the figures of both versions, and every host's answer.")

        @Argument(help: "The plugin's id; all without it.") var plugin: String?
        @Option(help: "text or json.") var format = OutputFormat.text

        func run() async throws {
            try await reportingFailure {
                let id = try plugin.map { try RolloutDesk.plugin($0) }
                try await RolloutDesk.open(holding: false) { desk in
                    let overview = try await desk.store.rolloutOverview()
                    let rows = overview.desired.rollouts.filter { id == nil || $0.plugin == id }
                    switch format {
                    case .json: printLine(JSONValue.array(rows.map { RolloutText.json($0, overview) }).text)
                    case .text:
                        for line in rows.flatMap({ RolloutText.status($0, overview) }) { printLine(line) }
                        if rows.isEmpty {
                            printLine("nothing was rolled out or pinned; `thorbis plugin list` shows what serves")
                        }
                    }
                }
            }
        }
    }
}
