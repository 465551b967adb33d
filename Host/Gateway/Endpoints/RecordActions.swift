import HostAuth
import HostManifest
import HostModel
import HostStorage
import HostTenancy

/// The member `_actions` of a record's answer: the transitions that its status, the caller's rights and the tier of the
/// business allow now, each with the route that takes it. A guard may still refuse one.
///
/// Nothing of the record is decoded: the member is put together from bytes made once and takes the place of the closing
/// brace.
struct RecordActions: Sendable {
    /// One transition, with its bytes before and after the record's id.
    private struct Action: Sendable {
        let permission: Permission
        let feature: FeatureName?
        let head: [UInt8]
        let tail: [UInt8]
    }

    private let byStatus: [String: [Action]]
    private let features: FeatureGate

    /// - Parameters:
    ///   - group: The routes of the records. Under a mount only transitions that the host applies have one.
    ///   - manifest: The plugin whose routes these are.
    ///   - features: Which tier has what.
    /// - Returns: Nil for an entity without statuses.
    init?(_ group: RecordGroup, of manifest: Manifest, features: FeatureGate) {
        guard let states = group.entity.states else { return nil }
        var byStatus: [String: [Action]] = [:]
        for transition in states.transitions {
            guard let action = Self.action(transition, group, manifest) else { continue }
            for status in transition.from { byStatus[status, default: []].append(action) }
        }
        self.byStatus = byStatus
        self.features = features
    }

    /// `,"_actions":[…]}`, for the place of the record's closing brace.
    func ending(_ id: RecordID, _ standing: RecordStanding, for principal: Principal) -> [UInt8] {
        var text: [UInt8] = Self.opening
        let identity = UUIDText.bytes(id.uuid)
        var isFirst = true
        for action in byStatus[standing.status] ?? [] where allows(action, standing, principal) {
            if !isFirst { text.append(UInt8(ascii: ",")) }
            isFirst = false
            text += action.head
            text += identity
            text += action.tail
        }
        text += "]}".utf8
        return text
    }

    private static let opening = Array(",\"_actions\":[".utf8)

    private func allows(_ action: Action, _ standing: RecordStanding, _ principal: Principal) -> Bool {
        if let feature = action.feature, !features.allows(feature, in: principal.tier) { return false }
        return switch principal.permissions.scope(of: action.permission) {
        case .business: true
        case .own: standing.maker == principal.user.description
        case nil: false
        }
    }

    private static func action(
        _ transition: StateMachine.Transition, _ group: RecordGroup, _ manifest: Manifest
    ) -> Action? {
        guard let name = transition.operation else {
            let path = "/actions/" + transition.name.replacing("_", with: "-")
            return action(
                transition.name, group.base, path, transition.needsReason ? "required" : "optional",
                group.requirement(transition.permission))
        }
        let start = "/\(group.route)/{id}"
        guard group.reference.plugin == manifest.id, let operation = manifest.operation(name),
            let route = operation.route, route.method == "POST", route.path.hasPrefix(start + "/actions/"),
            let permission = operation.permission
        else { return nil }
        let reason = operation.input.first { $0.name == "reason" }
        return action(
            transition.name, group.base, String(route.path.dropFirst(start.count)),
            reason.map { $0.isRequired ? "required" : "optional" } ?? "none",
            Route.Requirement(
                permission: Permission("\(manifest.id).\(permission)"),
                feature: operation.feature.map { FeatureName(plugin: manifest.id, name: $0) }))
    }

    /// Names and paths are words of the manifest, which need no escape.
    private static func action(
        _ name: String, _ base: String, _ path: String, _ reason: String, _ requirement: Route.Requirement
    ) -> Action? {
        guard let permission = requirement.permission else { return nil }
        let head = "{\"name\":\"\(name)\",\"method\":\"POST\",\"href\":\"\(base)/"
        return Action(
            permission: permission, feature: requirement.feature, head: Array(head.utf8),
            tail: Array("\(path)\",\"reason\":\"\(reason)\"}".utf8))
    }
}
