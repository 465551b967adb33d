import Foundation
import HostManifest
import HostModel
import Testing

/// The manifests in `manifests/` are what this repository ships, so they must be right.
struct CommittedManifestTests {
    @Test(arguments: ["core", "hs"]) func `a committed manifest has no findings`(name: String) throws {
        let manifest = try Repository.manifest(name)
        #expect(manifest.id.description == name)
    }

    @Test func `required plugins come first`() throws {
        let set = try ManifestSet.resolve([try Repository.manifest("hs"), try Repository.manifest("core")])
        #expect(set.manifests.map(\.id.description) == ["core", "hs"])
    }

    @Test func `names in lists become columns`() throws {
        let hs = try Repository.manifest("hs")
        let workOrder = try #require(hs.entity("work_order"))
        #expect(workOrder.indexes == [["status", "starts_at"], ["party_id"], ["service_location_id"]])
        #expect(workOrder.sorts == ["created_at", "number", "starts_at"])
        #expect(hs.entity("work_order_line")?.unique == [Entity.Unique(columns: ["work_order_id", "position"])])
    }

    @Test func `a path with an id gives the input an id`() throws {
        let operation = try #require(try Repository.manifest("hs").operation("completeWorkOrder"))
        #expect(operation.input.map(\.name) == ["id", "resolution"])
        #expect(operation.limits == .standard)
    }
}
