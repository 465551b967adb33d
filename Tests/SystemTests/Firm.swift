import Foundation
import HostModel
import Testing

/// A business that signed up, with its owner signed in.
struct Firm: Sendable {
    let client: HTTPClient
    let email: String
    let password: String
    let refreshToken: String
    let businessID: String

    static let hs = "/api/hs/app/v1"
    static let core = "/api/core/app/v1"

    /// Signs a new firm up; each has an e-mail address of its own.
    static func signUp(_ name: String = "Pipe & Sons", at baseURL: URL) async throws -> Firm {
        let email = "owner-\(UUID().uuidString.lowercased())@example.com"
        let password = "a long enough pass phrase"
        let client = HTTPClient(baseURL: baseURL)
        let answer = try await client.post(
            "/api/public/v1/businesses",
            [
                "name": .string(name), "currency": "USD", "time_zone": "America/Chicago", "country": "US",
                "owner": ["name": "Pat Pipe", "email": .string(email), "password": .string(password)],
            ])
        #expect(answer.status == 201, "\(answer.text)")
        let token = try #require(answer.json["access_token"]?.string)
        return Firm(
            client: HTTPClient(baseURL: baseURL, token: token), email: email, password: password,
            refreshToken: try #require(answer.json["refresh_token"]?.string),
            businessID: try #require(answer.json["business"]?["id"]?.string))
    }

    /// Creates a record and gives it back.
    func make(_ path: String, _ body: JSONValue) async throws -> JSONValue {
        let answer = try await client.post(path, body)
        #expect(answer.status == 201, "\(path): \(answer.text)")
        return answer.json
    }

    func customer(_ name: String = "Ada Lovelace") async throws -> JSONValue {
        try await make("\(Self.hs)/customers", ["display_name": .string(name), "email": "ada@example.com"])
    }

    func location(of customer: JSONValue) async throws -> JSONValue {
        try await make(
            "\(Self.hs)/service-locations",
            ["party_id": customer["id"] ?? .null, "line1": "12 Water Street", "country": "US"])
    }

    /// A work order with the given lines for a new customer.
    func workOrder(lines: [JSONValue] = []) async throws -> JSONValue {
        let customer = try await customer()
        return try await make(
            "\(Self.hs)/work-orders",
            [
                "party_id": customer["id"] ?? .null,
                "service_location_id": try await location(of: customer)["id"] ?? .null,
                "summary": "Kitchen sink leaks", "lines": .array(lines),
            ])
    }

    /// Asks for an action on a work order.
    func act(_ action: String, on order: JSONValue, _ body: JSONValue = [:]) async throws -> Answer {
        let id = try #require(order["id"]?.string)
        return try await client.post("\(Self.hs)/work-orders/\(id)/actions/\(action)", body)
    }
}
