import HostAuth
import HostManifest
import HostModel
import HostSQL
import HostStorage
import HostTenancy
import HostTransfer
import NIOCore

/// What the routes of imports work with: which entity a job is for decides what its caller must be allowed to do.
struct ImportDesk: Sendable {
    let store: ImportStore
    let catalogue: ImportCatalogue
    let features: FeatureGate

    /// A job that the caller may see.
    ///
    /// - Throws: `not_found`; `forbidden` without the right to import into its entity.
    func job(_ request: AuthorizedRequest) async throws(Problem) -> (id: RecordID, job: ImportStore.Job) {
        let id = try request.recordID()
        let job = try await store.read(id, in: request.tenant)
        _ = try request.principal.permissions.require(Permission("\(job.entity).import"))
        return (id, job)
    }

    /// A job whose rows the caller may see: others' files may hold fields that the caller doesn't see.
    ///
    /// - Throws: As ``job(_:)``; `forbidden` for the rows of somebody else.
    func rows(_ request: AuthorizedRequest) async throws(Problem) -> (id: RecordID, job: ImportStore.Job) {
        let (id, job) = try await job(request)
        guard !request.tenant.veil.keys(of: try catalogue.target(job.entity).plan.reference.description).isEmpty else {
            return (id, job)
        }
        let maker = (try? JSONParser.parse(job.json.bytes))?["created_by"]?.string
        guard maker == request.principal.user.description else {
            throw Problem(
                .forbidden,
                "The file may have custom fields that are for other roles than yours: ask whoever made the import.")
        }
        return (id, job)
    }

    /// The job as it is now.
    func answer(_ id: RecordID, _ request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let job = try await store.read(id, in: request.tenant)
        return HTTPResponse(status: 200, body: .text(job.json))
    }
}

/// `POST /api/platform/app/v1/imports`: a job that waits for its file.
struct ImportCreation: TenantEndpoint {
    let desk: ImportDesk

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let order = try order(request.body.values, request.principal)
        let id = try await desk.store.create(order, in: request.tenant)
        let job = try await desk.store.read(id, in: request.tenant)
        return HTTPResponse(
            status: 201, body: .text(job.json), fields: [.init("Location", "\(ImportRoutes.base)/\(id)")])
    }

    private func order(_ values: [String: JSONValue], _ principal: Principal) throws(Problem) -> ImportOrder {
        let target = try desk.catalogue.target(values["entity"]?.string ?? "")
        let mode = values["mode"]?.string.flatMap(ImportOrder.Mode.init(rawValue:)) ?? .insert
        for verb in ["import", "create"] + (mode == .upsert ? ["update"] : []) {
            _ = try principal.permissions.require(target.permission(verb))
        }
        if let feature = target.feature {
            try desk.features.require(FeatureName(plugin: feature.plugin, name: feature.name), in: principal.tier)
        }
        let mapping = values["mapping"] ?? .object(JSONObject())
        _ = try ImportMapping(mapping)
        return ImportOrder(
            entity: target.name, format: values["format"]?.string.flatMap(FileFormat.init(rawValue:)) ?? .csv,
            delimiter: Self.delimiters[values["delimiter"]?.string ?? ""], mode: mode,
            key: try key(values["key"]?.string, mode, target), isDryRun: values["dry_run"]?.bool ?? false,
            stopsOnError: values["on_error"]?.string == "stop", fileName: values["file_name"]?.string,
            mapping: mapping, bytes: values["bytes"]?.int)
    }

    static let delimiters: [String: UInt8] = [
        "comma": UInt8(ascii: ","), "semicolon": UInt8(ascii: ";"), "tab": UInt8(ascii: "\t"),
    ]

    private func key(
        _ key: String?, _ mode: ImportOrder.Mode, _ target: ImportCatalogue.Target
    ) throws(Problem) -> String? {
        guard mode == .upsert else {
            guard key == nil else { throw .invalid("/key", "unknown_field", "Only upserts have a key.") }
            return nil
        }
        let reference = target.plan.reference
        let keys = ImportTarget(
            target.plan.entity, of: reference.plugin, in: desk.catalogue.manifests, currency: "USD", timeZone: "UTC"
        ).ownKeys
        let key = key ?? "external_id"
        guard keys.contains(key) else {
            throw .invalid("/key", "enum", "The value must be one of \(keys.joined(separator: ", ")).")
        }
        return key
    }
}

/// `GET /api/platform/app/v1/imports`: those that the caller may see, newest first.
struct ImportListing: TenantEndpoint {
    let desk: ImportDesk

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let page = try PageQuery(request.http.query, max: 200)
        let entities = desk.catalogue.all.filter { target in
            request.principal.permissions.scope(of: target.permission("import")) != nil
        }.map(\.name)
        let list = try await desk.store.list(
            entities, limit: page.limit, cursor: page.cursor, in: request.tenant)
        return .json(PageText.bytes(list, limit: page.limit))
    }
}

/// `GET …/imports/{id}`: status, progress and counts.
struct ImportReading: TenantEndpoint {
    let desk: ImportDesk

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        HTTPResponse(status: 200, body: .text(try await desk.job(request).job.json))
    }
}

/// `PUT …/imports/{id}/chunks?offset=`: a part of the file.
struct ImportUpload: TenantEndpoint {
    let desk: ImportDesk

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let (id, _) = try await desk.job(request)
        let offset = try Self.offset(request.http.query)
        let bytes = Array(request.http.body.readableBytesView)
        guard !bytes.isEmpty else {
            throw Problem(.malformedBody, "A part of a file has at least one byte.", members: ["offset": 0])
        }
        if offset == 0 { try Self.checkHead(bytes) }
        try await desk.store.append(bytes, at: offset, to: id, in: request.tenant)
        return try await desk.answer(id, request)
    }

    private static func offset(_ query: Substring) throws(Problem) -> Int64 {
        let parameters = try QueryString.parameters(query)
        guard parameters.count == 1, parameters[0].name == "offset", let offset = Int64(parameters[0].value),
            (0...ImportBounds.fileBytesMax).contains(offset)
        else {
            throw .invalid("offset", "type", "offset is the byte of the file that the body begins with, from 0.")
        }
        return offset
    }

    /// Other encodings are told at once where the first bytes show them; all bytes are looked at when it starts.
    private static func checkHead(_ bytes: [UInt8]) throws(Problem) {
        var check = EncodingCheck()
        do throws(FileFault) {
            try check.take(bytes)
        } catch {
            throw Problem(
                .validationFailed, error.detail,
                faults: [.init(path: "", code: error.code, detail: error.detail)],
                members: ["offset": error.offset.map { .int(Int64($0)) } ?? .null])
        }
    }
}

/// `POST …/imports/{id}/actions/start`.
struct ImportStart: TenantEndpoint {
    let desk: ImportDesk

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let (id, job) = try await desk.job(request)
        let target = try desk.catalogue.target(job.entity)
        _ = try request.principal.permissions.require(target.permission("create"))
        try await desk.store.start(id, isDryRun: request.body.values["dry_run"]?.bool, in: request.tenant)
        return try await desk.answer(id, request)
    }
}

/// `POST …/imports/{id}/actions/cancel`.
struct ImportCancellation: TenantEndpoint {
    let desk: ImportDesk

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let (id, _) = try await desk.job(request)
        try await desk.store.cancel(id, in: request.tenant)
        return try await desk.answer(id, request)
    }
}

/// `GET …/imports/{id}/faults`: what is wrong with which row.
struct ImportFaultListing: TenantEndpoint {
    let desk: ImportDesk

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let (id, _) = try await desk.rows(request)
        let page = try PageQuery(request.http.query, max: 200)
        let list = try await desk.store.faults(
            of: id, limit: page.limit, cursor: page.cursor, in: request.tenant)
        return .json(PageText.bytes(list, limit: page.limit))
    }
}

/// The parameters of a list that only goes forward.
struct PageQuery {
    let limit: Int
    let cursor: String?

    static let parameters: [RoutePage.QueryParameter] = [
        .init(name: "limit", type: "integer", detail: "How many, 1 to 200; 50 if not given."),
        .init(name: "cursor", type: "string", detail: "`page.next` of the page before."),
    ]

    init(_ query: Substring, max: Int) throws(Problem) {
        var limit = 50
        var cursor: String?
        for (name, value) in try QueryString.parameters(query) {
            switch name {
            case "cursor": cursor = value
            case "limit":
                guard let number = Int(value), (1...max).contains(number) else {
                    throw .invalid(name, "out_of_range", "limit is a whole number from 1 to \(max).")
                }
                limit = number
            default: throw .invalid(name, "unknown_parameter", "This list takes limit and cursor.")
            }
        }
        self.limit = limit
        self.cursor = cursor
    }
}
