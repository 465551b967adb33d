import HostModel
import HostStorage
import NIOHTTP1

/// `GET /api/platform/app/v1/export`: all that the business has, as one archive.
struct BundleEndpoint: TenantEndpoint {
    let bundles: BundleStore

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let tenant = request.tenant
        try BundleStore.require(tenant)
        let stream = HTTPStream(deadline: BundleEndpoint.deadline) { [bundles] writer in
            try await bundles.export(in: tenant) { try await writer.write($0) }
        }
        return HTTPResponse(
            status: 200, contentType: .other(Self.mediaType), body: .stream(stream),
            fields: [.init("Content-Disposition", FileName.attachment("\(tenant.business).tar"))])
    }

    private static let mediaType = "application/x-tar"
    private static let deadline: Duration = .seconds(7_200)

    static func route(_ bundles: BundleStore) -> Route {
        Route(
            .GET, "/api/platform/app/v1/export",
            // Until the first bytes: what comes after has the stream's own deadline.
            deadline: .seconds(30),
            page: PlatformRoutes.page(
                "export", "Export the whole business", .bytes(contentTypes: [mediaType]), [.unavailable]),
            handler: .tenant(
                Route.Requirement(permission: Permission("platform.export.read"), feature: nil),
                BundleEndpoint(bundles: bundles)))
    }
}
