import HostManifest
import HostModel
import PluginAPI
import Synchronization
import Testing

// Generations go in and out of service through the registry alone.
@testable import HostPlugins

struct DrainTests {
    @Test func `a generation without work has drained when it leaves`() throws {
        let generation = try generation()
        #expect(generation.state == .retired)
        generation.enterService()
        #expect(generation.state == .serving)
        generation.leaveService(at: .now)
        #expect(generation.state == .retired)
        #expect(generation.drain == PluginGeneration.Drain(duration: .zero, wasForced: false))
    }

    @Test func `one with work drains until the last operation ends`() throws {
        let generation = try generation()
        generation.enterService()
        generation.begin()
        generation.begin()
        generation.leaveService(at: .now)
        generation.end(.done, after: .zero)
        #expect(generation.state == .draining)
        #expect(generation.drain == nil)
        generation.end(.done, after: .zero)
        #expect(generation.state == .retired)
        #expect(generation.drain?.wasForced == false)
        #expect(generation.endDrain(at: .now) == 0, "there is nothing to cut off")
        #expect(generation.state == .retired)
    }

    @Test func `one that doesn't end is cut off, and says how long it had`() throws {
        let generation = try generation()
        generation.enterService()
        generation.begin()
        let start = ContinuousClock.now
        let epoch = generation.callEpoch
        generation.leaveService(at: start)
        #expect(generation.endDrain(at: start + .seconds(7)) == 1)
        #expect(generation.state == .forced)
        #expect(generation.drain == PluginGeneration.Drain(duration: .seconds(7), wasForced: true))
        #expect(generation.callEpoch != epoch)
        generation.end(.failed, after: .zero)
        #expect(generation.drain?.duration == .seconds(7), "the end comes too late to count")
    }

    @Test func `one that is put back into service isn't cut off by the end of its earlier drain`() throws {
        let generation = try generation()
        generation.enterService()
        generation.begin()
        generation.leaveService(at: .now)
        generation.enterService()
        #expect(generation.endDrain(at: .now) == 0)
        #expect(generation.state == .serving)
    }

    @Test func `an operation that is cut off gets no data, and nothing of it is committed`() async throws {
        let seen = Mutex<[String]>([])
        let stage = Mutex<Stage?>(nil)
        let made = try Stage { _, call throws(Refusal) in
            _ = try await call.store.create(ThingDraft(record: ["title": .text("a")]))
            stage.withLock { $0 }?.cutOff()
            do throws(Refusal) {
                _ = try await call.store.nextNumber("thing")
            } catch {
                seen.withLock { $0.append(error.code) }
            }
            seen.withLock { $0.append("may \(call.may("fx.thing.read"))") }
            return .null
        }
        stage.withLock { $0 = made }
        let problem = try await made.problem()
        #expect(problem.code == .unavailable)
        #expect(problem.retryAfter != nil)
        #expect(seen.withLock { $0 } == ["retired", "may false"])
        #expect(made.storage.commits == 0)
        #expect(made.window().faults == 0, "the plugin did nothing wrong")
        #expect(made.observer.faults.isEmpty)
    }

    @Test func `one that is cut off at its very end commits nothing either`() async throws {
        let stage = Mutex<Stage?>(nil)
        let made = try Stage { _, call throws(Refusal) in
            _ = try await call.store.create(ThingDraft(record: ["title": .text("a")]))
            stage.withLock { $0 }?.cutOff()
            return .null
        }
        stage.withLock { $0 = made }
        #expect(try await made.problem().code == .unavailable)
        #expect(made.storage.commits == 0)
    }

    @Test func `operations that begin afterwards, when it serves again, aren't cut off`() async throws {
        let stage = Mutex<Stage?>(nil)
        let made = try Stage { _, call throws(Refusal) in
            stage.withLock { stage in
                stage?.cutOff()
                stage = nil
            }
            _ = try await call.store.nextNumber("thing")
            return .null
        }
        stage.withLock { $0 = made }
        #expect(try await made.problem().code == .unavailable)
        _ = try await made.perform()
        #expect(made.storage.commits == 1)
    }

    @Test func `the limit is that of the longest operation, with a margin`() throws {
        let quick = try FixtureManifest.make(operations: [FixtureManifest.operation("echo")])
        let none = try FixtureManifest.make(id: "plain", operations: [])
        let snapshot = PluginSnapshot(manifests: try ManifestSet.resolve([quick, none]), entries: [:])
        let timeout = try #require(quick.operations.first).limits.timeout
        #expect(DrainPolicy.limit(of: snapshot) == timeout + DrainPolicy.margin)
    }

    private func generation() throws -> PluginGeneration {
        let manifest = try FixtureManifest.make()
        return PluginGeneration(number: 1, plugin: manifest.id, version: manifest.version, digest: "")
    }
}

struct GenerationBudgetTests {
    private let plugin: PluginID
    private static let three: [PluginID: Int] = Dictionary(
        uniqueKeysWithValues: [PluginID("fx")].compactMap(\.self).map { ($0, 3) })

    init() throws {
        plugin = try #require(PluginID("fx"))
    }

    @Test func `what is within its bounds is loaded, and nothing is advised`() throws {
        let budget = GenerationBudget(count: 199, retired: 24, heldBytes: 256 << 20, live: [plugin: 2])
        #expect(budget.refusal(of: plugin) == nil)
        #expect(budget.advice == nil)
    }

    @Test(arguments: [
        (GenerationBudget(count: 200, retired: 199, heldBytes: 0), "200 generations", "thorbis handover"),
        (GenerationBudget(count: 9, retired: 8, heldBytes: 512 << 20), "512 MB", "thorbis handover"),
        (GenerationBudget(count: 9, retired: 1, heldBytes: 0, live: Self.three), "3 generations", "Wait"),
    ])
    func `past a bound a load is refused with the way out`(budget: GenerationBudget, what: String, hint: String) throws
    {
        let refusal = try #require(budget.refusal(of: plugin))
        #expect(refusal.rule == "TP2308")
        #expect(refusal.message.contains(what))
        #expect(refusal.hint.contains(hint))
    }

    @Test func `a hand-over is advised before anything is refused`() throws {
        for budget in [
            GenerationBudget(count: 30, retired: 25, heldBytes: 0),
            GenerationBudget(count: 5, retired: 1, heldBytes: 300 << 20),
        ] {
            #expect(budget.refusal(of: plugin) == nil)
            #expect(budget.advice?.contains("thorbis handover") == true)
        }
    }

    @Test func `an operator's own bound is kept, and an eighth of it may be retired`() throws {
        let full = GenerationBudget(count: 16, retired: 1, heldBytes: 0, countMax: 16)
        #expect(full.refusal(of: plugin)?.message.contains("16 is the most") == true)
        #expect(full.advice == nil)
        #expect(GenerationBudget(count: 5, retired: 2, heldBytes: 0, countMax: 16).advice != nil)
        #expect(GenerationBudget(count: 5, retired: 1, heldBytes: 0, countMax: 4).advice != nil)
    }

    @Test func `another plugin's generations at work keep nobody from loading`() throws {
        let other = try #require(PluginID("other"))
        let budget = GenerationBudget(count: 9, retired: 1, heldBytes: 0, live: [other: 3])
        #expect(budget.refusal(of: plugin) == nil)
    }
}
