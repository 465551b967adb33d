import HostModel
import HostPlugins
import PluginAPI
import Testing

// A set that isn't in order can't be made otherwise; the registry doesn't rely on that.
@testable import HostManifest

struct PluginRegistryTests {
    @Test func `a plugin whose required one isn't there is refused`() async throws {
        let base = try FixtureManifest.make(id: "base", operations: [])
        let plugin = try FixtureManifest.make(
            requires: [Requirement(plugin: base.id, versions: base.pluginAPI)], operations: [])
        let loader = PluginLoader(verifier: PluginVerifier(host: try .ofThisProcess()), trust: .nobody, prober: nil)
        let registry = PluginRegistry(loader: loader, observer: SilentObserver())
        let refusal = try await #require(throws: PluginRefusal.self) {
            try await registry.prepare(ManifestSet(checked: [plugin, base]), libraries: [:])
        }
        #expect(refusal.rule == "TP2305")
        #expect(refusal.message.contains("base"))
        _ = try await registry.prepare(ManifestSet(checked: [base, plugin]), libraries: [:])
    }
}
