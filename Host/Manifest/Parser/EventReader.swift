import HostModel

/// Reads what a plugin publishes and what it listens to.
struct EventReader {
    let plugin: PluginID
    let findings: Findings

    func events(_ map: MapReader) -> (publishes: [EventType], subscriptions: [Subscription]) {
        guard let node = map["events"],
            let events = MapReader(node, "`events`", keys: ManifestGrammar.events, findings: findings)
        else { return ([], []) }
        return (events.entries("publishes").compactMap(published), subscriptions(events))
    }

    private func published(_ member: YAMLMember) -> EventType? {
        let parts = member.key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count != 2 || !parts.allSatisfy(NameRule.word.allows) {
            findings.report(
                .name, at: member.position, "the event `\(member.key)` must be two words",
                suggestion: "write it like `work_order.completed`, without the plugin")
        }
        guard
            let payload = MapReader.members(of: member.value, "the event `\(member.key)`", findings: findings)
        else { return nil }
        let reader = FieldReader(plugin: plugin, findings: findings, allowsLists: false)
        return EventType(name: member.key, payload: reader.fields(payload.filter { !$0.key.hasPrefix("x-") }))
    }

    private func subscriptions(_ events: MapReader) -> [Subscription] {
        events.entries("subscribes").compactMap { member in
            guard case .scalar(.text(let operation)) = member.value.content else {
                findings.report(
                    .shape, at: member.value.position, "the subscription to `\(member.key)` needs an operation's name")
                return nil
            }
            return Subscription(event: member.key, operation: operation)
        }
    }
}
