import HostManifest
import HostModel
import Testing

/// What can be wrong between manifests that are right by themselves.
struct ManifestSetTests {
    @Test(arguments: [
        ("requires: {stock: \">=1.0 <2.0\"}", ManifestRule.missingPlugin),
        ("requires: {core: \">=2.0 <3.0\"}", .versionOutOfRange),
        ("\(requires)\n\(entity("to: core.partie"))", .foreignEntity),
        ("\(requires)\nmounts: {customers: {entity: core.party, where: {roles: custmer}}}", .foreignField),
        ("\(requires)\n\(subscription("core.invoice.payed"))", .foreignEvent),
        ("\(requires)\n\(subscription("core.invoice.issued"))", .subscriptionInput),
    ]) func `a finding between manifests has its rule`(part: String, rule: ManifestRule) throws {
        let shop = try manifest("shop", part)
        let core = try Repository.manifest("core")
        let invalid = try #require(throws: InvalidManifest.self) { try ManifestSet.resolve([shop, core]) }
        #expect(invalid.diagnostics.first?.rule == rule)
    }

    @Test func `plugins that require each other are refused`() throws {
        let left = try manifest("left", "requires: {right: \">=1.0 <2.0\"}")
        let right = try manifest("right", "requires: {left: \">=1.0 <2.0\"}")
        let invalid = try #require(throws: InvalidManifest.self) { try ManifestSet.resolve([left, right]) }
        #expect(invalid.diagnostics.map(\.rule) == [.requirementCycle])
    }

    @Test func `a plugin can't be there twice`() throws {
        let shop = try manifest("shop", "")
        let invalid = try #require(throws: InvalidManifest.self) { try ManifestSet.resolve([shop, shop]) }
        #expect(invalid.diagnostics.map(\.rule) == [.duplicatePlugin])
    }

    private static let requires = "requires: {core: \">=1.0 <2.0\"}"

    private static func entity(_ reference: String) -> String {
        "entities: {ticket: {route: tickets, fields: {party: {type: ref, \(reference)}}}}"
    }

    private static func subscription(_ event: String) -> String {
        "operations: {follow: {effects: write}}\nevents: {subscribes: {\(event): follow}}"
    }

    private func manifest(_ id: String, _ part: String) throws -> Manifest {
        let head = "apiVersion: thorbis.dev/v1\nid: \(id)\nname: \(id)\nversion: 1.0.0\npluginAPI: \">=1.0 <2.0\"\n"
        return try ManifestParser.parse(yaml: head + part, file: id, digest: String(repeating: "0", count: 64))
    }
}
