import Foundation
import HostAuth
import HostManifest
import HostModel
import HostSQL
import HostStorage
import HostTenancy
import Testing

// Who may see an included record is decided inside of the gateway; over HTTP only an owner could be tested.
@testable import HostGateway

struct InclusionGateTests {
    @Test func `the entity's own right or a mount's opens it, and each shows what it reaches`() throws {
        #expect(try access([("base.party.read", .business)]) == [.init(mount: nil, isOwn: false)])
        let mounted = try access([("shop.customers.read", .own)])
        #expect(mounted.map(\.isOwn) == [true])
        #expect(mounted.map(\.mount?.route) == ["customers"])
        let both = try access([("base.*", .own), ("shop.customers.read", .business)])
        #expect(both.map(\.isOwn) == [true, false])
    }

    @Test func `without a right it is forbidden, and the missing one is named`() throws {
        let problem = try #require(throws: Problem.self) { try access([("shop.order.read", .business)]) }
        #expect(problem.code == .forbidden)
        #expect(problem.members["permission"] == "base.party.read")
    }

    @Test func `a feature that the tier doesn't have closes it`() throws {
        let all: [(String, PermissionScope)] = [("base.party.read", .business)]
        let problem = try #require(throws: Problem.self) { try access(all, featureTier: .enterprise) }
        #expect(problem.code == .featureNotInTier)
    }

    @Test func `lines need nothing beside their document's right`() throws {
        let opened = try opened("lines", [])
        #expect(opened.map(\.inclusion.member) == ["lines"])
    }

    @Test(arguments: [
        ("owner", "party,service_location.party,invoice,lines.item", ""),
        ("viewer", "party,service_location,invoice", ""), ("dispatcher", "service_location", ""),
        ("csr", "party,service_location", ""), ("csr", "invoice", "core.invoice.read"),
        ("csr", "lines", ""), ("csr", "lines.item", "core.item.read"),
        ("technician", "lines", ""), ("technician", "party", "core.party.read"),
        ("technician", "service_location", "hs.service_location.read"),
    ]) func `the committed roles see beside a work order what they may read`(
        role: String, include: String, missing: String
    ) throws {
        let set = try GatewayFixture.manifests()
        let hs = try #require(PluginID("hs"))
        let plan = try #require(EntityPlan(EntityReference(plugin: hs, name: "work_order"), in: set))
        let roles = RoleCatalogue(definitions: RoleDefinition.all(of: set), permissions: [])
        let gate = InclusionGate(manifest: try #require(set[hs]), set: set, features: FeatureGate(set))
        let principal = Principal(
            business: BusinessID(UUID()), user: UserID(UUID()), session: SessionID(UUID()), roles: [role],
            permissions: roles.permissions(for: [role]), tier: .starter, expires: Timestamp(microseconds: 0))
        let selection = try plan.selection([(name: "include", value: include)])
        do throws(Problem) {
            _ = try gate.opened(selection, for: principal)
            #expect(missing.isEmpty, "\(role) sees \(include)")
        } catch {
            #expect(
                error.code == .forbidden && error.members["permission"]?.string == missing,
                "\(role) \(include): \(error)")
        }
    }

    /// How `party` of an order is reached by somebody with these grants.
    private func access(
        _ grants: [(String, PermissionScope)], featureTier: Tier = .starter
    ) throws -> [Included.Access] {
        try opened("party", grants, featureTier: featureTier).flatMap(\.access)
    }

    private func opened(
        _ include: String, _ grants: [(String, PermissionScope)], featureTier: Tier = .starter
    ) throws -> [Included] {
        let set = try Self.manifests()
        let (shop, base) = (try #require(PluginID("shop")), try #require(PluginID("base")))
        let plan = try #require(EntityPlan(EntityReference(plugin: shop, name: "order"), in: set))
        let gate = InclusionGate(
            manifest: try #require(set[shop]), set: set,
            features: FeatureGate(tiers: [FeatureName(plugin: base, name: "parties"): featureTier]))
        let role = RoleDefinition(
            name: "test",
            grants: grants.compactMap { grant in
                PermissionPattern(grant.0).map { RoleDefinition.Grant(pattern: $0, scope: grant.1) }
            })
        let principal = Principal(
            business: BusinessID(UUID()), user: UserID(UUID()), session: SessionID(UUID()), roles: ["test"],
            permissions: PermissionSet(roles: [role]), tier: .starter, expires: Timestamp(microseconds: 0))
        return try gate.opened(plan.selection([(name: "include", value: include)]), for: principal).includes
    }

    private static func manifests() throws -> ManifestSet {
        let base = """
            apiVersion: thorbis.dev/v1
            id: base
            name: Base
            version: 1.0.0
            pluginAPI: ">=1.0 <2.0"
            features: {parties: {tier: starter, title: Parties}}
            entities:
              party:
                route: parties
                feature: parties
                fields: {kind: {type: enum, values: [customer, vendor], default: customer}}
            """
        let shop = """
            apiVersion: thorbis.dev/v1
            id: shop
            name: Shop
            version: 1.0.0
            pluginAPI: ">=1.0 <2.0"
            requires: {base: ">=1.0 <2.0"}
            mounts:
              customers: {entity: base.party, where: {kind: customer}}
            entities:
              order:
                route: orders
                fields: {party: {type: ref, to: base.party}}
                include: [party, lines]
              order_line:
                route: order-lines
                parent: {entity: order, member: lines}
                fields: {count: {type: int}}
            """
        let digest = String(repeating: "0", count: 64)
        return try ManifestSet.resolve([
            try ManifestParser.parse(yaml: base, file: "base.yaml", digest: digest),
            try ManifestParser.parse(yaml: shop, file: "shop.yaml", digest: digest),
        ])
    }
}
