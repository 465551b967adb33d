import ArgumentParser
import Foundation
import HostManifest
import HostModel
import HostPlugins
import HostStorage

extension PluginCommand {
    /// Keeps a business at a version.
    struct Pin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep a business at one version of a plugin, whatever all others get.")

        @Argument(help: "The plugin's id.") var plugin: String
        @Option(help: "The version.") var version: String
        @Option(help: "The business's id.") var business: String
        @OptionGroup var waiting: WaitOption

        func run() async throws {
            try await reportingFailure {
                let limit = try waiting.limit()
                let (id, version) = (try RolloutDesk.plugin(plugin), try RolloutDesk.version(version))
                let business = try RolloutDesk.business(business)
                try await RolloutDesk.open { desk in
                    try await desk.check([business])
                    let pin = PluginPin(business: business, plugin: id, package: try desk.installed(id, version))
                    let row = try await desk.pin(pin)
                    printLine("business \(business) is pinned to \(id) \(version), revision \(row.revision)")
                    try await RolloutWait(store: desk.store, limit: limit).run(row)
                }
            }
        }
    }

    /// Lets a business go with all others.
    struct Unpin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a business get the version of a plugin that all others get.")

        @Argument(help: "The plugin's id.") var plugin: String
        @Option(help: "The business's id.") var business: String
        @OptionGroup var waiting: WaitOption

        func run() async throws {
            try await reportingFailure {
                let limit = try waiting.limit()
                let id = try RolloutDesk.plugin(plugin)
                let business = try RolloutDesk.business(business)
                try await RolloutDesk.open { desk in
                    guard try await desk.store.unpin(business, from: id) else {
                        throw CommandFailure.findings("business \(business) isn't pinned to a version of \(id).")
                    }
                    guard let row = try await desk.desired()[id] else { return }
                    printLine("business \(business) gets what all get of \(id), revision \(row.revision)")
                    try await RolloutWait(store: desk.store, limit: limit).run(row)
                }
            }
        }
    }
}

extension RolloutDesk {
    /// Checks and writes a pin, with a row for its plugin when there is none.
    ///
    /// - Returns: The row as it stands then.
    func pin(_ pin: PluginPin) async throws -> Rollout {
        var desired = try await desired()
        if desired[pin.plugin] == nil {
            _ = try await write(.settle, of: pin.plugin)
            desired = try await self.desired()
        }
        guard desired.pins.count(where: { $0.plugin == pin.plugin }) < PluginPin.countMax else {
            throw CommandFailure.findings("\(PluginPin.countMax) businesses are pinned; unpin some.")
        }
        let plan = try plan(desired.replacing(pin))
        if let set = plan.choice?.pinned[pin.business], let stable = desired[pin.plugin]?.stable, set > 0 {
            if pin.package.version > stable.version {
                try await prepareTables(for: pin.plugin, in: plan.sets[set])
            } else {
                try await checkWayBack(to: pin.plugin, from: stable, in: plan.sets[set])
            }
        }
        try await store.pin(pin)
        guard let row = try await self.desired()[pin.plugin] else {
            throw CommandFailure.findings("the rollout of \(pin.plugin) was removed meanwhile; try again.")
        }
        return row
    }
}
