import Foundation
import FoundationNetworking
import HostModel

/// The API's routes of imports, from the other end.
///
/// Foundation's session and not async-http-client: a command sends one request at a time, and the platform needs no
/// further package for that.
struct ImportClient: Sendable {
    let base: URL
    let token: String

    private static let imports = "/api/platform/app/v1/imports"
    /// A server that restarts is back within seconds.
    private static let triesMax = 6

    /// - Throws: ``CommandFailure`` when the server can't be reached or refuses the sign-in.
    static func signedIn(url: String, token: String?, email: String?, password: String?) async throws -> ImportClient {
        guard let base = URL(string: url), ["http", "https"].contains(base.scheme ?? ""), base.host() != nil else {
            throw CommandFailure.usage("--url \(url) is no address such as https://thorbis.example.")
        }
        if let token { return ImportClient(base: base, token: token) }
        guard let email, let password else {
            throw CommandFailure.usage("give --token, or --email and --password-file.")
        }
        let client = ImportClient(base: base, token: "")
        let body: JSONValue = ["email": .string(email), "password": .string(password)]
        let answer = try await client.send("POST", "/api/public/v1/sessions", Data(body.utf8))
        guard let token = answer["access_token"]?.string else {
            throw CommandFailure.environment("the server gave no token.")
        }
        return ImportClient(base: base, token: token)
    }

    func create(_ order: JSONObject) async throws -> JSONValue {
        try await send("POST", Self.imports, Data(JSONValue.object(order).utf8))
    }

    func list() async throws -> [JSONValue] {
        try await send("GET", Self.imports + "?limit=200", nil)["data"]?.array ?? []
    }

    func read(_ id: String) async throws -> JSONValue { try await send("GET", "\(Self.imports)/\(id)", nil) }

    func upload(_ bytes: Data, at offset: Int, to id: String) async throws -> JSONValue {
        try await send(
            "PUT", "\(Self.imports)/\(id)/chunks?offset=\(offset)", bytes, type: "application/octet-stream")
    }

    func start(_ id: String) async throws -> JSONValue {
        try await send("POST", "\(Self.imports)/\(id)/actions/start", Data("{}".utf8))
    }

    /// The first ones.
    func faults(of id: String) async throws -> [JSONValue] {
        try await send("GET", "\(Self.imports)/\(id)/faults?limit=20", nil)["data"]?.array ?? []
    }

    func address(ofBadRows id: String) -> String { "\(base.absoluteString)\(Self.imports)/\(id)/bad-rows" }

    /// Sends a request, again while the server is busy or restarting: every one of these may be repeated, but a create
    /// that nobody heard of makes a job that nobody fills.
    private func send(
        _ method: String, _ path: String, _ body: Data?, type: String = "application/json"
    ) async throws -> JSONValue {
        var tries = 1
        while true {
            do {
                return try await once(method, path, body, type)
            } catch let retry as Retry {
                guard tries < Self.triesMax else {
                    throw CommandFailure.environment("\(base.absoluteString) doesn't answer: \(retry.reason)")
                }
                try await Task.sleep(for: .milliseconds(250 << tries))
                tries += 1
            }
        }
    }

    private struct Retry: Error { let reason: String }

    private func once(_ method: String, _ path: String, _ body: Data?, _ type: String) async throws -> JSONValue {
        guard let url = URL(string: base.absoluteString + path) else {
            throw CommandFailure.usage("--url \(base.absoluteString) is no address.")
        }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body
        request.timeoutInterval = 60
        if body != nil { request.setValue(type, forHTTPHeaderField: "Content-Type") }
        if !token.isEmpty { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        let data: Data
        let response: URLResponse
        do {
            (data, response) = try await URLSession.shared.data(for: request)
        } catch {
            throw Retry(reason: error.localizedDescription)
        }
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        let json = (try? JSONParser.parse(Array(data))) ?? .null
        if status == 503 || status == 429 { throw Retry(reason: json["detail"]?.string ?? "status \(status)") }
        guard (200..<300).contains(status) else { throw Self.failure(status, json) }
        return json
    }

    private static func failure(_ status: Int, _ json: JSONValue) -> CommandFailure {
        let detail = json["detail"]?.string ?? "status \(status)"
        let faults = (json["errors"]?.array ?? []).map { fault in
            "  \(fault["path"]?.string ?? "") \(fault["code"]?.string ?? ""): \(fault["detail"]?.string ?? "")"
        }
        let message = ([detail] + faults).joined(separator: "\n")
        return status == 422 || status == 409 ? .findings(message) : .environment(message)
    }
}
