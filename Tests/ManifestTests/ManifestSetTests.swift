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
        ("\(requires)\n\(clients)\n\(operation("POST /clients"))", .route),
        ("\(requires)\n\(clients)\n\(operation("POST /clients/{id}/actions/archive"))", .route),
        ("\(closing)\n\(subscription("shop.ticket.closed", publishing: "ticket.closed"))", .eventWithoutOperation),
    ]) func `a finding between manifests has its rule`(part: String, rule: ManifestRule) throws {
        let shop = try manifest("shop", part)
        let core = try Repository.manifest("core")
        let invalid = try #require(throws: InvalidManifest.self) { try ManifestSet.resolve([shop, core]) }
        #expect(invalid.diagnostics.first?.rule == rule)
    }

    @Test func `an operation may stand below a mount, and a transition without an operation may have an event`() throws
    {
        let mounted = try manifest("shop", "\(Self.requires)\n\(Self.clients)\n\(Self.operation("GET /clients/best"))")
        let core = try Repository.manifest("core")
        #expect(try ManifestSet.resolve([mounted, core]).manifests.count == 2)
        let heard = try manifest("shop", "\(Self.closing)\nevents: {publishes: {ticket.closed: {}}}")
        #expect(try ManifestSet.resolve([heard]).manifests.count == 1)
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

    private static let clients = "mounts: {clients: {entity: core.party, where: {roles: customer}}}"

    /// The host closes tickets on its own route.
    private static let closing = """
        entities:
          ticket:
            route: tickets
            fields: {}
            states:
              field: status
              initial: open
              transitions: {close: {from: [open], to: closed, emits: ticket.closed}}
        """

    private static func operation(_ route: String) -> String {
        "operations: {dealWith: {route: \"\(route)\", permission: clients.deal, effects: write}}"
    }

    private static func entity(_ reference: String) -> String {
        "entities: {ticket: {route: tickets, fields: {party: {type: ref, \(reference)}}}}"
    }

    private static func subscription(_ event: String, publishing published: String? = nil) -> String {
        let publishes = published.map { "publishes: {\($0): {}}, " } ?? ""
        return "operations: {follow: {effects: write}}\nevents: {\(publishes)subscribes: {\(event): follow}}"
    }

    private func manifest(_ id: String, _ part: String) throws -> Manifest {
        let head = "apiVersion: thorbis.dev/v1\nid: \(id)\nname: \(id)\nversion: 1.0.0\npluginAPI: \">=1.0 <2.0\"\n"
        return try ManifestParser.parse(yaml: head + part, file: id, digest: String(repeating: "0", count: 64))
    }
}
