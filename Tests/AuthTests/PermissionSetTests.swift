import HostAuth
import HostModel
import Testing

struct PermissionSetTests {
    @Test(arguments: [
        ("hs.*", "hs.work_order.read", true), ("hs.*", "core.invoice.read", false), ("hs.*", "hs", false),
        ("hs.*", "hsx.work_order.read", false), ("hs.work_order.*", "hs.work_order.complete", true),
        ("hs.work_order.*", "hs.work_orders.read", false), ("hs.*.read", "hs.work_order.read", true),
        ("hs.*.read", "hs.work_order.update", false), ("hs.*.read", "hs.a.b.read", false),
        ("hs.work_order.read", "hs.work_order.read", true), ("hs.work_order.read", "hs.work_order.read.all", false),
        ("lend.my-borrowers.read", "lend.my-borrowers.read", true), ("lend.my-borrowers.*", "lend.my.read", false),
    ])
    func `a pattern reaches what it says`(pattern: String, permission: String, isReached: Bool) throws {
        #expect(try #require(PermissionPattern(pattern)).matches(Permission(permission)) == isReached)
    }

    @Test(arguments: ["", "*", "*.read", "hs", "hs.", ".read", "hs..read", "hs.Work.read", "hs.wo*"])
    func `a pattern that names no plugin or is no pattern is refused`(text: String) {
        #expect(PermissionPattern(text) == nil)
    }

    @Test func `a manifest's pattern is put under its plugin`() throws {
        let plugin = try #require(PluginID("hs"))
        #expect(PermissionPattern(plugin: plugin, "*")?.description == "hs.*")
        #expect(PermissionPattern(plugin: plugin, "*.read")?.description == "hs.*.read")
    }

    @Test func `what no role grants is denied`() throws {
        let problem = try #require(throws: Problem.self) {
            try PermissionSet.none.require(Permission("hs.work_order.read"))
        }
        #expect(problem.code == .forbidden)
        #expect(problem.members == ["permission": "hs.work_order.read"])
    }

    @Test func `the wider scope of two roles wins, in either order`() {
        let read = Permission("hs.work_order.read")
        let technician = role("technician", ["hs.work_order.read": .own])
        let viewer = role("viewer", ["hs.*.read": .business])
        #expect(PermissionSet(roles: [technician]).scope(of: read) == .own)
        #expect(PermissionSet(roles: [technician, viewer]).scope(of: read) == .business)
        #expect(PermissionSet(roles: [viewer, technician]).scope(of: read) == .business)
    }

    @Test func `a role of two plugins adds up and reaches neither's neighbour`() {
        let catalogue = RoleCatalogue(
            definitions: [role("owner", ["hs.*": .business]), role("owner", ["core.*": .business])],
            permissions: [Permission("hs.work_order.read")])
        let owner = catalogue.permissions(for: ["owner"])
        #expect(owner.scope(of: Permission("hs.work_order.read")) == .business)
        #expect(owner.scope(of: Permission("core.invoice.issue")) == .business)
        #expect(owner.scope(of: Permission("rest.order.read")) == nil)
    }

    @Test func `compiled and uncompiled permissions get the same answer`() {
        let definitions = [role("a", ["hs.*.read": .own, "hs.work_order.*": .business]), role("b", ["hs.x.y": .own])]
        let asked = ["hs.work_order.read", "hs.territory.read", "hs.territory.update", "hs.x.y"].map { Permission($0) }
        let compiled = RoleCatalogue(definitions: definitions, permissions: asked).permissions(for: ["a", "b"])
        let patterns = RoleCatalogue(definitions: definitions, permissions: []).permissions(for: ["a", "b"])
        #expect(asked.map { compiled.scope(of: $0) } == [.business, .own, nil, .own])
        #expect(asked.map { patterns.scope(of: $0) } == [.business, .own, nil, .own])
    }

    @Test func `a role that nobody defines grants nothing`() {
        let catalogue = RoleCatalogue(definitions: [role("owner", ["hs.*": .business])], permissions: [])
        #expect(catalogue.permissions(for: ["ghost"]).scope(of: Permission("hs.work_order.read")) == nil)
        #expect(catalogue.contains("owner") && !catalogue.contains("ghost"))
        #expect(catalogue.names == ["owner"])
    }
}
