import HostManifest
import HostModel
import HostStorage
import NIOHTTP1

/// The routes of the fields that a business adds to entities.
struct CustomFieldRoutes {
    let fields: CustomFieldStore
    let entities: CustomFieldEntities

    private static let base = "/api/platform/app/v1/custom-fields"
    private static let one = base + "/{id}"
    private static let bodyBytesMax = 65_536

    func routes() -> [Route] { [list, create, update, archive] }

    private var list: Route {
        Route(
            .GET, Self.base,
            page: PlatformRoutes.page(
                "custom_field_list", "List custom fields", .named("CustomFields", status: 200), [.validationFailed],
                query: CustomFieldListing.parameters),
            handler: .tenant(Self.may("read"), CustomFieldListing(fields: fields, entities: entities)))
    }

    private var create: Route {
        Route(
            .POST, Self.base, input: .fields(Self.newField, bodyBytesMax: Self.bodyBytesMax),
            page: PlatformRoutes.page(
                "custom_field_create", "Add a field to an entity", .named("CustomField", status: 201),
                [.alreadyExists, .conflict]),
            handler: .tenant(Self.may("create"), CustomFieldCreation(fields: fields, entities: entities)))
    }

    private var update: Route {
        Route(
            .PATCH, Self.one, input: .fields(Self.changes, bodyBytesMax: Self.bodyBytesMax), precondition: .required,
            page: PlatformRoutes.page(
                "custom_field_update", "Change a custom field", .named("CustomField", status: 200),
                [.notFound, .versionConflict, .preconditionRequired, .conflict]),
            handler: .tenant(Self.may("update"), CustomFieldChange(fields: fields, entities: entities)))
    }

    private var archive: Route {
        Route(
            .POST, Self.one + "/actions/archive", input: .fields([], bodyBytesMax: 1_024), precondition: .required,
            page: PlatformRoutes.page(
                "custom_field_archive", "Take a custom field out of use", .named("CustomField", status: 200),
                [.notFound, .versionConflict, .preconditionRequired, .conflict]),
            handler: .tenant(Self.may("archive"), CustomFieldArchiving(fields: fields)))
    }

    private static let changes: [Field] = [
        PlatformField.make("label", .text(min: 1, max: 100, pattern: nil)),
        PlatformField.make("type", .enumeration(CustomField.Kind.allCases.map(\.rawValue))),
        PlatformField.make("required", .bool),
        PlatformField.make("options", .texts(min: 0, max: 200, itemMax: CustomFieldEntities.optionLengthMax)),
        PlatformField.make("position", .int(min: 0, max: 10_000)), PlatformField.make("indexed", .bool),
        PlatformField.make(
            "visible_to_roles", .texts(min: 0, max: CustomFieldEntities.rolesMax, itemMax: 60)),
    ]

    private static let newField: [Field] =
        [
            PlatformField.make("entity", .text(min: 3, max: 60, pattern: nil), isRequired: true),
            PlatformField.make("key", .text(min: 1, max: 40, pattern: "[a-z][a-z0-9_]*"), isRequired: true),
            PlatformField.make("label", .text(min: 1, max: 100, pattern: nil), isRequired: true),
            PlatformField.make(
                "type", .enumeration(CustomField.Kind.allCases.map(\.rawValue)), isRequired: true),
            PlatformField.make("target", .text(min: 3, max: 60, pattern: nil)), PlatformField.make("unique", .bool),
        ] + changes.filter { !["label", "type"].contains($0.name) }

    private static func may(_ verb: String) -> Route.Requirement {
        Route.Requirement(permission: Permission("platform.custom_field.\(verb)"), feature: nil)
    }
}
