import HostModel
import HostStorage
import NIOHTTP1

/// The routes of a business's files.
struct FileRoutes {
    let files: FileStore

    private static let base = "/api/platform/app/v1/files"
    private static let one = base + "/{id}"

    /// How long the upload of a file may take once its body is there.
    private static let uploadDeadline: Duration = .seconds(25)

    func routes() -> [Route] { [list, upload, read, content, archive] }

    private var list: Route {
        Route(
            .GET, Self.base,
            page: PlatformRoutes.page(
                "file_list", "List files", .named("FilePage", status: 200), [.invalidCursor, .validationFailed],
                query: FileListing.parameters),
            handler: .tenant(Self.may("read"), FileListing(files: files)))
    }

    private var upload: Route {
        Route(
            .POST, Self.base, input: .raw(mediaTypes: FileType.all.map(\.name), bodyBytesMax: NewFile.bytesMax),
            deadline: Self.uploadDeadline,
            page: PlatformRoutes.page(
                "file_create", "Keep a file", .named("File", status: 201), [], query: FileUpload.parameters),
            handler: .tenant(Self.may("create"), FileUpload(files: files, base: Self.base)))
    }

    private var read: Route {
        Route(
            .GET, Self.one,
            page: PlatformRoutes.page(
                "file_read", "Read what is known of a file", .named("File", status: 200), [.notFound]),
            handler: .tenant(Self.may("read"), FileReading(files: files)))
    }

    private var content: Route {
        Route(
            .GET, Self.one + "/content",
            page: PlatformRoutes.page(
                "file_content", "Download a file", .bytes(contentTypes: ["*/*"]), [.notFound]),
            handler: .tenant(Self.may("read"), FileDownload(files: files)))
    }

    private var archive: Route {
        Route(
            .POST, Self.one + "/actions/archive", input: .fields([], bodyBytesMax: 1_024),
            page: PlatformRoutes.page(
                "file_archive", "Take a file out of use", .named("File", status: 200), [.notFound]),
            handler: .tenant(Self.may("archive"), FileArchiving(files: files)))
    }

    private static func may(_ verb: String) -> Route.Requirement {
        Route.Requirement(permission: Permission("platform.file.\(verb)"), feature: nil)
    }
}
