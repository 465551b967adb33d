import HostManifest
import HostModel
import HostStorage
import NIOHTTP1

/// The routes of a business's own words for statuses.
struct LabelRoutes {
    let labels: LabelStore
    let statuses: LabelStatuses

    private static let base = "/api/platform/app/v1/status-labels"
    private static let one = base + "/{id}"
    private static let bodyBytesMax = 4_096

    func routes() -> [Route] { [list, create, update, archive] }

    private var list: Route {
        Route(
            .GET, Self.base,
            page: PlatformRoutes.page(
                "status_label_list", "List status labels", .named("StatusLabels", status: 200), [.validationFailed],
                query: LabelListing.parameters),
            // Whoever works with records needs the words for them.
            handler: .tenant(
                Route.Requirement(permission: nil, feature: nil), LabelListing(labels: labels, statuses: statuses)))
    }

    private var create: Route {
        Route(
            .POST, Self.base, input: .fields(Self.newLabel, bodyBytesMax: Self.bodyBytesMax),
            page: PlatformRoutes.page(
                "status_label_create", "Add a label to a status", .named("StatusLabel", status: 201),
                [.alreadyExists, .conflict]),
            handler: .tenant(Self.may("create"), LabelCreation(labels: labels, statuses: statuses)))
    }

    private var update: Route {
        Route(
            .PATCH, Self.one, input: .fields(Self.changes, bodyBytesMax: Self.bodyBytesMax), precondition: .required,
            page: PlatformRoutes.page(
                "status_label_update", "Change a status label", .named("StatusLabel", status: 200),
                [.notFound, .versionConflict, .preconditionRequired, .conflict, .alreadyExists]),
            handler: .tenant(Self.may("update"), LabelChange(labels: labels)))
    }

    private var archive: Route {
        Route(
            .POST, Self.one + "/actions/archive", input: .fields([], bodyBytesMax: 1_024), precondition: .required,
            page: PlatformRoutes.page(
                "status_label_archive", "Take a status label out of use", .named("StatusLabel", status: 200),
                [.notFound, .versionConflict, .preconditionRequired, .conflict]),
            handler: .tenant(Self.may("archive"), LabelArchiving(labels: labels)))
    }

    private static let changes: [Field] = [
        PlatformField.make("name", .text(min: 1, max: 60, pattern: nil)),
        PlatformField.make("colour", .text(min: 7, max: 7, pattern: "#[0-9A-Fa-f]{6}")),
        PlatformField.make("position", .int(min: 0, max: 10_000)),
        PlatformField.make("is_default", .bool),
    ]

    private static let newLabel: [Field] =
        [
            PlatformField.make("entity", .text(min: 3, max: 60, pattern: nil), isRequired: true),
            PlatformField.make("status", .text(min: 1, max: 27, pattern: nil), isRequired: true),
            PlatformField.make("name", .text(min: 1, max: 60, pattern: nil), isRequired: true),
        ] + changes.filter { $0.name != "name" }

    private static func may(_ verb: String) -> Route.Requirement {
        Route.Requirement(permission: Permission("platform.status_label.\(verb)"), feature: nil)
    }
}
