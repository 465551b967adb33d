import Foundation
import HostManifest
import HostModel
import HostPlugins
import PluginAPI
import Testing

/// Counters that operations adjust, through a library that the compiler made.
struct AdjustingTests {
    private static let input = [
        FixtureManifest.field("id", .uuid, isRequired: true),
        FixtureManifest.field("by", .int(min: -9, max: 9), isRequired: true),
    ]
    private static let count = Field(name: "count", type: .int(min: 0, max: 9), isCounter: true)

    /// A host whose operation is that of the library.
    private func stage(_ fields: [Field] = [count]) async throws -> Stage {
        let library = try await FixtureBuild(
            note: FixtureNote(apiMinor: UInt16(PluginAPIVersion.minor)), operations: ["echo", "step"]
        ).library()
        let step = FixtureManifest.operation(
            "step", input: Self.input, output: .fields([FixtureManifest.field("count", .int(min: 0, max: 9))]))
        let manifest = try FixtureManifest.make(operations: [FixtureManifest.operation("echo"), step])
        let loader = PluginLoader(
            verifier: PluginVerifier(host: try .ofThisProcess()), trust: .development, prober: nil)
        let plugin = try await loader.load(manifest, library: .built(path: library)).plugin
        let echo = FixtureManifest.operation("echo", input: Self.input, output: step.output)
        return try Stage(operation: echo, fields: fields) { input, call throws(Refusal) in
            try await plugin.perform("step", input, call)
        }
    }

    @Test func `an operation adds to a counter and sees the sum`() async throws {
        let stage = try await stage()
        let id = stage.storage.store.add(["count": 2])
        let result = try await stage.perform(["id": .string(id.description), "by": 3])
        #expect(result.json == #"{"count":5}"#)
        #expect(stage.storage.commits == 1)
    }

    @Test func `a step too far is refused as the route refuses it, and nothing is committed`() async throws {
        let stage = try await stage()
        let id = stage.storage.store.add(["count": 2])
        let problem = try await stage.problem(["id": .string(id.description), "by": -3])
        #expect(problem.code == .counterOutOfRange && problem.members["field"] == "count")
        #expect(stage.storage.commits == 0)
    }

    @Test func `what is no counter isn't adjusted`() async throws {
        let stage = try await stage([FixtureManifest.field("count", .int(min: 0, max: 9))])
        let id = stage.storage.store.add(["count": 2])
        #expect(try await stage.problem(["id": .string(id.description), "by": 1]).code == .internalError)
        #expect(stage.observer.faults.contains { $0.contains("fx.thing has no counter count") })
    }
}
