/// The routes that the host makes for records of an entity, as method and path below `/api/{plugin}/app/v1`.
struct RecordRouteNames {
    let entity: Entity
    /// The entity's own route, or that of a mount.
    let route: String
    let isCreateReplaced: Bool

    var all: [String] {
        ["GET /\(route)", "GET /\(route)/aggregate", "GET \(one)"] + history + writing + transitions + label
    }

    private var label: [String] { entity.states?.hasLabels == true ? [action(StateMachine.labelAction)] : [] }

    private var history: [String] { entity.states == nil ? [] : ["GET \(one)/history"] }

    /// The routes of the transitions that the host applies itself.
    var transitions: [String] {
        (entity.states?.transitions ?? []).filter { $0.operation == nil }.map { action($0.name) }
    }

    /// Where a record is archived; nil for an entity whose records can't be, or not by clients.
    var archive: String? { entity.isArchivable && entity.isWrittenByRoutes ? action("archive") : nil }

    private var writing: [String] {
        guard entity.isWrittenByRoutes else { return [] }
        let create = isCreateReplaced ? [] : ["POST /\(route)"]
        let adjust = entity.counters.isEmpty ? [] : [action("adjust")]
        return create + ["PATCH \(one)"] + (archive.map { [$0] } ?? []) + adjust
    }

    private var one: String { "/\(route)/{id}" }

    private func action(_ name: String) -> String { "POST \(one)/actions/\(name.replacing("_", with: "-"))" }
}
