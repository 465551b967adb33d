import HostModel

extension ManifestSet {
    /// Orders manifests so that each comes after the ones it requires, and resolves the names across them.
    ///
    /// Independent plugins are ordered by id, so that the same set always gives the same order.
    ///
    /// - Throws: Every finding; when requirements are missing or go in a circle, only those.
    package static func resolve(_ manifests: [Manifest]) throws(InvalidManifest) -> ManifestSet {
        var resolution = ManifestResolution(manifests: manifests.sorted { $0.id < $1.id })
        let ordered = resolution.order()
        try resolution.throwIfAny()
        let set = ManifestSet(checked: ordered)
        for manifest in ordered { resolution.checkNames(of: manifest, in: set) }
        try resolution.throwIfAny()
        return set
    }
}

/// The findings across manifests, while they are made.
private struct ManifestResolution {
    let manifests: [Manifest]
    private var diagnostics: [Diagnostic] = []

    init(manifests: [Manifest]) {
        self.manifests = manifests
    }

    func throwIfAny() throws(InvalidManifest) {
        if !diagnostics.isEmpty { throw InvalidManifest(diagnostics: diagnostics) }
    }

    private mutating func report(
        _ rule: ManifestRule, _ manifest: Manifest, _ message: String, suggestion: String? = nil
    ) {
        diagnostics.append(
            Diagnostic(
                rule: rule, file: manifest.id.description, position: nil, message: message, suggestion: suggestion))
    }

    /// Takes, again and again, the manifests whose requirements have all been taken.
    mutating func order() -> [Manifest] {
        checkRequirements()
        guard diagnostics.isEmpty else { return [] }
        var waiting = manifests
        var ordered: [Manifest] = []
        while !waiting.isEmpty {
            let taken = Set(ordered.map(\.id))
            guard let next = waiting.firstIndex(where: { taken.isSuperset(of: $0.requires.map(\.plugin)) }) else {
                reportCycle(waiting)
                return []
            }
            ordered.append(waiting.remove(at: next))
        }
        return ordered
    }

    private mutating func checkRequirements() {
        for (before, manifest) in zip(manifests, manifests.dropFirst()) where before.id == manifest.id {
            report(.duplicatePlugin, manifest, "two manifests have the id `\(manifest.id)`")
        }
        for manifest in manifests {
            for requirement in manifest.requires {
                guard let found = manifests.first(where: { $0.id == requirement.plugin }) else {
                    report(.missingPlugin, manifest, "the required plugin `\(requirement.plugin)` is not there")
                    continue
                }
                if !requirement.versions.contains(found.version) {
                    report(
                        .versionOutOfRange, manifest,
                        "requires `\(requirement.plugin)` \(requirement.versions); \(found.version) is there")
                }
            }
        }
    }

    private mutating func reportCycle(_ waiting: [Manifest]) {
        let names = waiting.map(\.id.description).joined(separator: ", ")
        for manifest in waiting.prefix(1) {
            report(.requirementCycle, manifest, "these plugins require each other in a circle: \(names)")
        }
    }

    mutating func checkNames(of manifest: Manifest, in set: ManifestSet) {
        let fields =
            manifest.entities.flatMap(\.fields) + manifest.operations.flatMap(\.input)
            + manifest.publishes.flatMap(\.payload)
        for field in fields.flatMap(\.withItems) {
            if case .reference(let reference) = field.type { check(reference, manifest, set) }
        }
        for mount in manifest.mounts {
            check(mount, manifest, set)
            checkRoutes(of: mount, manifest, set)
        }
        for subscription in manifest.subscriptions { check(subscription, manifest, set) }
    }

    private mutating func check(_ reference: EntityReference, _ manifest: Manifest, _ set: ManifestSet) {
        guard set.entity(reference) == nil else { return }
        let known = set[reference.plugin]?.entities.map { "\(reference.plugin).\($0.name)" } ?? []
        report(
            .foreignEntity, manifest, "the entity `\(reference)` is not known",
            suggestion: NearestName.nearest(to: reference.description, among: known).map { "did you mean `\($0)`?" })
    }

    private mutating func check(_ mount: Mount, _ manifest: Manifest, _ set: ManifestSet) {
        guard let entity = set.entity(mount.entity) else { return check(mount.entity, manifest, set) }
        for match in mount.matching {
            let values: [String]? =
                switch entity.field(match.field)?.type {
                case .enumeration(let values), .enumerationSet(let values): values
                default: nil
                }
            guard let values, values.contains(match.value) else {
                report(
                    .foreignField, manifest,
                    "the mount `\(mount.route)` needs an enum field `\(match.field)` with the value `\(match.value)`",
                    suggestion: values.flatMap { NearestName.nearest(to: match.value, among: $0) }
                        .map { "did you mean `\($0)`?" })
                continue
            }
        }
    }

    /// A mount's record routes are known only here: its entity is another plugin's.
    private mutating func checkRoutes(of mount: Mount, _ manifest: Manifest, _ set: ManifestSet) {
        guard let entity = set.entity(mount.entity) else { return }
        let taken = RecordRouteNames(entity: entity, route: mount.route, isCreateReplaced: false).all
        for operation in manifest.operations {
            guard let route = operation.route, taken.contains(route.description) else { continue }
            report(
                .route, manifest,
                "`\(route)` of the operation `\(operation.name)` is a route of the mount `\(mount.route)`",
                suggestion: "choose another path")
        }
    }

    /// The payload is the operation's input: every field that it requires must be published.
    private mutating func check(_ subscription: Subscription, _ manifest: Manifest, _ set: ManifestSet) {
        let parts = subscription.event.split(separator: ".", maxSplits: 1).map(String.init)
        let publisher = parts.first.flatMap(PluginID.init).flatMap { set[$0] }
        guard let event = publisher?.publishes.first(where: { $0.name == parts.last }) else {
            let known = publisher?.publishes.map { "\(parts[0]).\($0.name)" } ?? []
            return report(
                .foreignEvent, manifest, "the event `\(subscription.event)` is not known",
                suggestion: NearestName.nearest(to: subscription.event, among: known).map { "did you mean `\($0)`?" })
        }
        checkPublished(subscription, by: publisher, manifest)
        guard let operation = manifest.operation(subscription.operation) else { return }
        let published = Set(event.payload.map(\.name))
        for field in operation.input where field.isRequired && !published.contains(field.name) {
            report(
                .subscriptionInput, manifest,
                "`\(operation.name)` requires `\(field.name)`, which `\(subscription.event)` doesn't carry")
        }
        for field in event.payload where !operation.input.contains(where: { $0.name == field.name }) {
            report(
                .subscriptionInput, manifest,
                "`\(subscription.event)` carries `\(field.name)`, which `\(operation.name)` doesn't take")
        }
    }

    /// No code runs when the host applies a transition on its route, so nobody can follow it.
    private mutating func checkPublished(_ subscription: Subscription, by publisher: Manifest?, _ manifest: Manifest) {
        for entity in publisher?.entities ?? [] {
            for transition in entity.states?.transitions ?? [] where transition.operation == nil {
                guard let publisher, let event = transition.emits, subscription.event == "\(publisher.id).\(event)"
                else { continue }
                report(
                    .eventWithoutOperation, manifest,
                    "`\(subscription.event)` comes from `\(entity.name).\(transition.name)`, which has no operation",
                    suggestion: "give the transition an operation")
            }
        }
    }
}

extension Field {
    /// The field and, of a list, the fields of its items.
    var withItems: [Field] {
        if case .list(let fields, _) = type { [self] + fields } else { [self] }
    }
}
