import Foundation
import HostModel
import Testing

/// `q=` over HTTP, on the mount of customers and on the parties behind it.
struct SearchTests {
    @Test func `customers are found by parts of what they are called, and by nobody else`() async throws {
        let server = try await ThorbisServer.gallery.value
        let firm = try await Firm.signUp(at: server.baseURL)
        let other = try await Firm.signUp("Other", at: server.baseURL)
        for number in 1...7 {
            _ = try await firm.make(
                "\(Firm.hs)/customers",
                ["display_name": .string("José Núñez \(number)"), "phone": .string("+1555123456\(number)")])
        }
        _ = try await other.make("\(Firm.hs)/customers", ["display_name": "Jose Nunez"])
        func names(_ search: String, _ client: HTTPClient) async throws -> [String] {
            let text = try #require(search.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            let answer = try await client.get("\(Firm.hs)/customers?sort=display_name&q=\(text)")
            #expect(answer.status == 200, "\(answer.text)")
            return (answer.json["data"]?.array ?? []).compactMap { $0["display_name"]?.string }
        }
        #expect(try await names("nunez jose", firm.client).count == 7)
        #expect(try await names("NÚÑ 3", firm.client) == ["José Núñez 3"])
        #expect(try await names("(555) 123-4565", firm.client) == ["José Núñez 5"])
        #expect(try await names("nunze 2", firm.client) == ["José Núñez 2"])
        #expect(try await names("nunez", other.client) == ["Jose Nunez"])
        #expect(try await names("5551234565", other.client) == [])

        var pages: [String] = []
        var cursor = ""
        repeat {
            let answer = try await firm.client.get(
                "\(Firm.hs)/customers?q=nunez&sort=-display_name&limit=3&count=exact\(cursor)")
            #expect(answer.json["page"]?["count"]?.int == 7)
            pages += (answer.json["data"]?.array ?? []).compactMap { $0["display_name"]?.string }
            cursor = answer.json["page"]?["next"]?.string.map { "&cursor=\($0)" } ?? ""
        } while !cursor.isEmpty
        #expect(pages == (1...7).reversed().map { "José Núñez \($0)" })
        let aggregate = try await firm.client.get("\(Firm.core)/parties/aggregate?count=true&q=nunez%207")
        #expect(aggregate.json["data"]?[0]?["count"]?.int == 1, "\(aggregate.text)")
        let exported = try await firm.client.get(
            "\(Firm.core)/parties/export?format=csv&fields=display_name&q=nunez%206")
        #expect(exported.text.contains("José Núñez 6") && !exported.text.contains("José Núñez 5"))
    }

    @Test(arguments: [("a", "too_short"), ("-%20-", "too_short"), ("a+b+c+d+e+f+g+h+i", "too_many")])
    func `too short a search says what it needs`(query: String, code: String) async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
        for path in ["parties", "parties/aggregate", "parties/export"] {
            let answer = try await firm.client.get("\(Firm.core)/\(path)?q=\(query)")
            #expect(answer.status == 422 && answer.json["errors"]?[0]?["code"]?.string == code, "\(answer.text)")
        }
    }
}
