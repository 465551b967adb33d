import HostModel

/// Published payloads resolve; subscriptions name an operation of this plugin and an event of a required one.
struct EventChecks {
    let manifest: Manifest
    let findings: Findings

    func run() {
        for event in manifest.publishes {
            let path = ["events", "publishes", event.name]
            findings.checkReferences(event.payload, in: path, of: manifest)
            findings.checkNames(event.payload, in: path, taken: [])
        }
        for subscription in manifest.subscriptions { check(subscription) }
    }

    private func check(_ subscription: Subscription) {
        let path = ["events", "subscribes", subscription.event]
        if manifest.operation(subscription.operation) == nil {
            findings.reportUnknown(
                .unknownOperation, in: path, "the operation", subscription.operation,
                known: manifest.operations.map(\.name))
        }
        let plugin = subscription.event.prefix { $0 != "." }
        if plugin != manifest.id.description, !manifest.requires.contains(where: { $0.plugin.description == plugin }) {
            findings.report(
                .undeclaredRequirement, in: path,
                "`\(subscription.event)` comes from a plugin that `requires` doesn't name",
                suggestion: "add `\(plugin)` to `requires`")
        }
    }
}
