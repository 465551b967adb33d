import HostModel
import HostStorage
import NIOCore

/// `POST /api/platform/app/v1/files`: the body is the file, its type the `Content-Type`.
struct FileUpload: TenantEndpoint {
    let files: FileStore
    let base: String

    static let parameters: [RoutePage.QueryParameter] = [
        .init(
            name: "name", type: "string", detail: "What the file is called, 1 to 255 characters; `file` if not given."),
        .init(name: "visibility", type: "string", detail: "`internal` (if not given) or `customer`."),
    ]

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let file = try Self.file(request.http)
        let (id, json) = try await files.add(file, in: request.tenant)
        return HTTPResponse(status: 201, body: .text(json), fields: [.init("Location", "\(base)/\(id)")])
    }

    private static func file(_ request: HTTPRequest) throws(Problem) -> NewFile {
        var name = "file"
        var visibility = NewFile.Visibility.internal
        for parameter in try QueryString.parameters(request.query) {
            switch parameter.name {
            case "name": name = try FileName.checked(parameter.value)
            case "visibility":
                guard let wanted = NewFile.Visibility(rawValue: parameter.value) else {
                    throw .invalid("visibility", "enum", "visibility is internal or customer.")
                }
                visibility = wanted
            default: throw .invalid(parameter.name, "unknown_parameter", "An upload takes name and visibility.")
            }
        }
        guard request.body.readableBytes > 0 else {
            throw Problem(.malformedBody, "The body is the file, and it is empty.")
        }
        guard let type = FileType(contentType: request.fields.contentType), type.matches(request.body.readableBytesView)
        else {
            throw Problem(.unsupportedMediaType, "The content isn't what its Content-Type says, or may not be kept.")
        }
        return NewFile(name: name, type: type, visibility: visibility, content: request.body)
    }
}

/// `GET /api/platform/app/v1/files`.
struct FileListing: TenantEndpoint {
    let files: FileStore

    static let parameters: [RoutePage.QueryParameter] = [
        .init(name: "limit", type: "integer", detail: "How many files, 1 to 200; 50 if not given."),
        .init(name: "cursor", type: "string", detail: "`page.next` of the page before."),
    ]

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        var limit = 50
        var cursor: String?
        for parameter in try QueryString.parameters(request.http.query) {
            switch parameter.name {
            case "cursor": cursor = parameter.value
            case "limit":
                guard let wanted = Int(parameter.value), (1...200).contains(wanted) else {
                    throw .invalid("limit", "out_of_range", "limit is a whole number from 1 to 200.")
                }
                limit = wanted
            default: throw .invalid(parameter.name, "unknown_parameter", "The list takes limit and cursor.")
            }
        }
        let page = try await files.list(limit: limit, cursor: cursor, in: request.tenant)
        return .json(PageText.bytes(page, limit: limit))
    }
}

/// `GET /api/platform/app/v1/files/{id}`: what is known of the file.
struct FileReading: TenantEndpoint {
    let files: FileStore

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        HTTPResponse(status: 200, body: .text(try await files.read(request.recordID(), in: request.tenant)))
    }
}

/// `POST /api/platform/app/v1/files/{id}/actions/archive`.
struct FileArchiving: TenantEndpoint {
    let files: FileStore

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        HTTPResponse(status: 200, body: .text(try await files.archive(request.recordID(), in: request.tenant)))
    }
}

/// `GET /api/platform/app/v1/files/{id}/content`: the bytes, never to be shown in place.
struct FileDownload: TenantEndpoint {
    let files: FileStore

    private static func contentType(_ content: FileContent) -> String {
        content.mediaType.hasPrefix("text/") ? content.mediaType + "; charset=utf-8" : content.mediaType
    }

    /// For 8 MiB even over a slow line.
    private static let deadline: Duration = .seconds(600)

    func respond(to request: AuthorizedRequest) async throws(Problem) -> HTTPResponse {
        let tenant = request.tenant
        let content = try await files.content(of: request.recordID(), in: tenant)
        let tag = "\"\(content.sha256)\""
        var fields: [HTTPResponse.Field] = [
            .init("ETag", tag), .init("Content-Disposition", FileName.attachment(content.name)),
            .init("Content-Security-Policy", "default-src 'none'; sandbox"),
        ]
        if let known = request.http.fields.ifNoneMatch, known == "*" || known.contains(tag) {
            return HTTPResponse(status: 304, fields: fields)
        }
        fields.append(.init("Accept-Ranges", "none"))
        let files = files
        let stream = HTTPStream(length: content.bytes, deadline: Self.deadline) { writer in
            for position in 0..<content.chunkCount {
                try await writer.write(try await files.chunk(position, of: content, in: tenant))
            }
        }
        return HTTPResponse(
            status: 200, contentType: .other(Self.contentType(content)), body: .stream(stream), fields: fields)
    }
}

/// What files are called.
enum FileName {
    /// - Throws: `validation_failed` for one that is too long, or has separators or control characters.
    static func checked(_ name: String) throws(Problem) -> String {
        let isPlain = name.unicodeScalars.allSatisfy { scalar in
            !["/", "\\"].contains(scalar) && scalar.properties.generalCategory != .control
        }
        guard (1...NewFile.nameLengthMax).contains(name.unicodeScalars.count), isPlain, name != ".", name != ".." else {
            throw .invalid("name", "format", "A name has 1 to 255 characters, without / and \\.")
        }
        return name
    }

    /// `attachment` with the name as RFC 6266 wants it: plain for old clients, UTF-8 for the others.
    static func attachment(_ name: String) -> String {
        let plain = String(
            decoding: name.utf8.map { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") ? $0 : 0x5F },
            as: UTF8.self)
        let letters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        let encoded = name.utf8.map { byte in
            letters.contains(byte)
                ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
        return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
    }
}
