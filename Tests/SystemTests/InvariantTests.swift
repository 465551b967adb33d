import Foundation
import HostModel
import Testing

/// What the operator's check of the invariants finds, and what a business sees of it.
struct InvariantTests {
    private static let path = "/api/platform/app/v1/invariants"

    @Test func `a broken invariant is found by the command and shown to its business alone`() async throws {
        let server = try await ThorbisServer.shared.value
        let good = try await Firm.signUp(at: server.baseURL)
        let bad = try await Firm.signUp(at: server.baseURL)
        let id = try #require(try await bad.workOrder()["id"]?.string)
        #expect(try await bad.client.get(Self.path).json["data"] == [])
        try await DatabaseDigest.withDigest(of: server) { database in
            try await database.write(
                "UPDATE hs.work_order SET total_minor = 7, version = version + 1 WHERE id = '\(id)'")
        }

        let fine = try check(good, on: server)
        #expect(fine.code == 0)
        #expect(fine.output == "every invariant holds\n")
        let broken = try check(bad, on: server)
        #expect(broken.code == 1)
        #expect(
            broken.output.contains("\(bad.businessID): hs.work_order_line_sums: 1 records, such as [\"\(id)\"]"),
            "\(broken.output)")
        #expect(!broken.output.contains(good.businessID))

        let shown = try await bad.client.get(Self.path).json["data"]?.array ?? []
        let wrong = shown.filter { $0["holds"] == false }
        #expect(shown.count > 5)
        #expect(wrong.map { $0["invariant"] } == ["work_order_line_sums"])
        #expect(wrong.first?["sample_ids"] == [.string(id)])
        let others = try await good.client.get(Self.path).json["data"]?.array ?? []
        #expect(others.count == shown.count && others.allSatisfy { $0["holds"] == true })
        #expect(try await good.client.get(Self.path + "?limit=1").status == 422)
        #expect(try await HTTPClient(baseURL: server.baseURL).get(Self.path).status == 401)
    }

    private func check(_ firm: Firm, on server: ThorbisServer) throws -> Command.Result {
        try Command(
            arguments: ["db", "invariants", "--business", firm.businessID],
            environment: ["THORBIS_DATA": server.dataFolder.path()], hearsErrors: false
        ).run()
    }
}
