import HostManifest
import HostModel
import PluginAPI
import Testing

// Generations are made by the registry alone, and count through the session.
@testable import HostPlugins

struct GenerationWatchTests {
    private func generation(
        _ number: Int, _ manifest: Manifest, digest: String, isQuarantined: Bool = false
    ) -> PluginGeneration {
        PluginGeneration(
            number: number, plugin: manifest.id, version: manifest.version, digest: digest,
            isQuarantined: isQuarantined)
    }

    private func snapshot(
        _ manifest: Manifest, _ generation: PluginGeneration, quarantine: QuarantineNotice? = nil
    ) throws -> PluginSnapshot {
        let entry = PluginSnapshot.Entry(
            manifest: manifest, plugin: QuarantinedPlugin(manifest), generation: generation,
            threads: PluginThreads(of: manifest.id), quarantine: quarantine)
        return PluginSnapshot(manifests: try ManifestSet.resolve([manifest]), entries: [manifest.id: entry])
    }

    private func call(_ generation: PluginGeneration, _ times: Int, faults: Int = 0) {
        for _ in 0..<times {
            generation.begin()
            generation.end(.done, after: .milliseconds(1))
        }
        for _ in 0..<faults { generation.blame() }
    }

    @Test func `what the new one does is held against what the old one did`() throws {
        let (old, new) = (try FixtureManifest.make(version: "1.2.0"), try FixtureManifest.make(version: "1.3.0"))
        let (before, after) = (generation(1, old, digest: "a"), generation(2, new, digest: "b"))
        call(before, 1_000, faults: 1)
        var watch = GenerationWatch(try snapshot(new, after), after: try snapshot(old, before))
        #expect(watch.findings().map(\.version) == ["1.3.0"])
        guard case .wait = try #require(watch.findings().first).verdict else {
            Issue.record("nothing was called yet")
            return
        }
        call(after, 40)
        #expect(
            watch.findings().map(\.verdict) == [.pass("0 of 40 calls ended in a fault, 0.1 % with 1.2.0")])
        call(after, 1, faults: 3)
        #expect(
            watch.findings().map(\.verdict) == [.fail("3 of 41 calls ended in a fault, 0.1 % with 1.2.0")])
    }

    @Test func `what it did in an earlier service doesn't count`() throws {
        let manifest = try FixtureManifest.make()
        let (before, after) = (generation(1, manifest, digest: "a"), generation(2, manifest, digest: "b"))
        call(after, 50, faults: 20)
        var watch = GenerationWatch(try snapshot(manifest, after), after: try snapshot(manifest, before))
        call(after, 20)
        #expect(
            watch.findings().map(\.verdict) == [.pass("0 of 20 calls ended in a fault, no call with generation 1 yet")])
    }

    @Test func `the same bytes, code in quarantine, and a manifest alone aren't compared`() throws {
        let manifest = try FixtureManifest.make()
        let serving = try snapshot(manifest, generation(1, manifest, digest: "a"))
        let same = try snapshot(manifest, generation(2, manifest, digest: "a"))
        #expect(GenerationWatch(same, after: serving).isEmpty)
        let notice = QuarantineNotice(reason: "", since: HostModel.Timestamp(microseconds: 0), digest: "b")
        let kept = generation(3, manifest, digest: "b", isQuarantined: true)
        let quarantined = try snapshot(manifest, kept, quarantine: notice)
        #expect(GenerationWatch(quarantined, after: serving).isEmpty)
        #expect(GenerationWatch(serving, after: quarantined).isEmpty, "there is no code to go back to")
        let plain = try FixtureManifest.make(operations: [])
        let declared = try snapshot(plain, generation(4, plain, digest: "c"))
        #expect(GenerationWatch(declared, after: serving).isEmpty)
        #expect(
            !GenerationWatch(try snapshot(manifest, generation(5, manifest, digest: "d")), after: serving).isEmpty)
    }
}
