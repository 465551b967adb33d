import HostManifest
import HostModel
import HostStorage
import HostTenancy
import NIOHTTP1

/// The routes of imports. What a caller must be allowed to do depends on the entity, so the endpoints check it.
struct ImportRoutes {
    let desk: ImportDesk

    static let base = "/api/platform/app/v1/imports"
    private static let one = base + "/{id}"
    private static let mediaTypes = ["application/octet-stream", "text/csv", "application/x-ndjson"]

    func routes() -> [Route] { [create, list, read, upload, start, cancel, faults, badRows] }

    static let fields = [
        PlatformField.make("entity", .text(min: 3, max: 100, pattern: nil), isRequired: true),
        PlatformField.make("format", .enumeration(["csv", "ndjson"]), default: "csv"),
        PlatformField.make("delimiter", .enumeration(["comma", "semicolon", "tab"])),
        PlatformField.make("mode", .enumeration(["insert", "upsert"]), default: "insert"),
        PlatformField.make("key", .text(min: 1, max: 100, pattern: nil)),
        PlatformField.make("dry_run", .bool, default: false),
        PlatformField.make("on_error", .enumeration(["continue", "stop"]), default: "continue"),
        PlatformField.make("file_name", .text(min: 1, max: 255, pattern: nil)),
        PlatformField.make("mapping", .json),
        PlatformField.make("bytes", .int(min: 0, max: ImportBounds.fileBytesMax)),
    ]

    private var create: Route {
        Route(
            .POST, Self.base, input: .fields(Self.fields, bodyBytesMax: 131_072),
            page: page("create", "Make an import", .named("Import", status: 201)),
            handler: tenant(ImportCreation(desk: desk)))
    }

    private var list: Route {
        Route(
            .GET, Self.base,
            page: page(
                "list", "List imports", .named("ImportPage", status: 200), [.invalidCursor], query: PageQuery.parameters
            ),
            handler: tenant(ImportListing(desk: desk)))
    }

    private var read: Route {
        Route(
            .GET, Self.one, page: page("read", "Read an import", .named("Import", status: 200), [.notFound]),
            handler: tenant(ImportReading(desk: desk)))
    }

    private var upload: Route {
        let offset = RoutePage.QueryParameter(
            name: "offset", type: "integer", detail: "The byte of the file that the body begins with.")
        return Route(
            .PUT, Self.one + "/chunks",
            input: .raw(mediaTypes: Self.mediaTypes, bodyBytesMax: ImportBounds.uploadBytesMax),
            deadline: .seconds(30),
            page: page(
                "upload", "Send a part of an import's file", .named("Import", status: 200),
                [.notFound, .uploadOffset, .conflict], query: [offset]),
            handler: tenant(ImportUpload(desk: desk)))
    }

    private var start: Route {
        Route(
            .POST, Self.one + "/actions/start",
            input: .fields([PlatformField.make("dry_run", .bool)], bodyBytesMax: 1_024), deadline: .seconds(10),
            page: page("start", "Start an import", .named("Import", status: 200), [.notFound, .conflict]),
            handler: tenant(ImportStart(desk: desk)))
    }

    private var cancel: Route {
        Route(
            .POST, Self.one + "/actions/cancel", input: .fields([], bodyBytesMax: 1_024),
            page: page("cancel", "Cancel an import", .named("Import", status: 200), [.notFound, .conflict]),
            handler: tenant(ImportCancellation(desk: desk)))
    }

    private var faults: Route {
        Route(
            .GET, Self.one + "/faults",
            page: page(
                "faults", "List what is wrong with an import's rows", .named("ImportFaultPage", status: 200),
                [.notFound, .invalidCursor], query: PageQuery.parameters),
            handler: tenant(ImportFaultListing(desk: desk)))
    }

    private var badRows: Route {
        Route(
            .GET, Self.one + "/bad-rows",
            page: page(
                "bad_rows", "Download the rows that weren't imported", .document(contentType: "text/csv"), [.notFound]),
            handler: tenant(ImportBadRows(desk: desk)))
    }

    private func tenant(_ endpoint: any TenantEndpoint) -> Route.Handler {
        .tenant(Route.Requirement(permission: nil, feature: nil), endpoint)
    }

    private func page(
        _ name: String, _ summary: String, _ answer: RoutePage.Answer, _ codes: [Problem.Code] = [],
        query: [RoutePage.QueryParameter] = []
    ) -> RoutePage {
        RoutePage(
            operationID: "platform_import_\(name)", summary: summary, tag: "platform", answer: answer, codes: codes,
            query: query)
    }
}
