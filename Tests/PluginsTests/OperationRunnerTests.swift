import Foundation
import HostAuth
import HostManifest
import HostModel
import PluginAPI
import Synchronization
import Testing

// Snapshots are put together by the registry alone; here they hold plugins that are part of the test.
@testable import HostPlugins

struct OperationRunnerTests {
    @Test func `an operation gets its input as values and gives its output as JSON`() async throws {
        let fields = [FixtureManifest.field("count", .int(min: 0, max: 9)), FixtureManifest.field("day", .date)]
        let stage = try Stage(operation: FixtureManifest.operation("echo", input: fields, output: .fields(fields))) {
            input, _ in .map(input)
        }
        let result = try await stage.perform(["count": 3, "day": "2026-11-22"])
        #expect(result.json == #"{"count":3,"day":"2026-11-22"}"#)
        #expect(stage.storage.commits == 1)
    }

    @Test func `a call knows who asks, for whom and when`() async throws {
        let seen = Mutex<Call?>(nil)
        let stage = try Stage { _, call in
            seen.withLock { $0 = call }
            return .null
        }
        _ = try await stage.perform()
        let call = try #require(seen.withLock { $0 })
        #expect(call.actor == .user(PluginAPI.RecordID(Stage.user)))
        #expect(call.business.currency == "USD")
        #expect(call.now.microseconds == Stage.now.microseconds)
        #expect(call.today.description == "2026-11-21")
    }

    @Test func `a record comes back as it stands in the database`() async throws {
        let stage = try Stage(output: .entity("thing")) { _, call throws(Refusal) in
            try await call.store.create(ThingDraft(record: ["title": .text("first")])).reference.value
        }
        let result = try await stage.perform()
        #expect(result.version == 1)
        #expect(result.json?.contains(#""title":"first""#) == true)
        #expect(result.record != nil)
    }

    @Test func `a declared refusal is told with its details, and nothing is committed`() async throws {
        let stage = try Stage(errors: ["too_late"]) { _, _ throws(Refusal) in
            throw Refusal(code: "too_late", message: "It is too late.", details: ["since": .int(5)])
        }
        let problem = try await stage.problem()
        #expect(problem.code == Problem.Code("too_late"))
        #expect(problem.members == ["since": 5])
        #expect(stage.storage.commits == 0)
    }

    @Test func `an undeclared refusal is an internal error that tells nothing`() async throws {
        let stage = try Stage { _, _ throws(Refusal) in
            throw Refusal(code: "surprise", message: "password=hunter2")
        }
        let problem = try await stage.problem()
        #expect(problem.code == .internalError)
        #expect(!problem.detail.contains("hunter2"))
        #expect(stage.observer.faults.contains { $0.contains("surprise") })
    }

    @Test func `a code of the host can't be made up`() async throws {
        let stage = try Stage { _, _ throws(Refusal) in throw Refusal(code: "unauthenticated", message: "No.") }
        #expect(try await stage.problem().code == .internalError)
    }

    @Test func `without the permission no code runs`() async throws {
        let stage = try Stage(grants: "other.*") { _, _ in .null }
        #expect(try await stage.problem().code == .forbidden)
        #expect(stage.storage.begins == 0)
    }

    @Test func `an operation without a route isn't reached from outside`() async throws {
        let stage = try Stage(operation: FixtureManifest.operation("echo", permission: nil)) { _, _ in .null }
        #expect(try await stage.problem().code == .notFound)
    }

    @Test func `a problem of the store can't be caught away`() async throws {
        let stage = try Stage { input, call throws(Refusal) in
            var absent = Thing(fields: try Fields(["id": .id(RecordID(high: 1, low: 1)), "version": .int(1)]))
            absent.fields.set("title", .text("changed"))
            do { _ = try await call.store.save(absent) } catch {}
            return .null
        }
        #expect(try await stage.problem().code == .notFound)
        #expect(stage.storage.commits == 0)
    }

    @Test func `a kept call is worth nothing afterwards`() async throws {
        let kept = Mutex<Call?>(nil)
        let stage = try Stage { _, call in
            kept.withLock { $0 = call }
            return .null
        }
        _ = try await stage.perform()
        let call = try #require(kept.withLock { $0 })
        let refusal = await #expect(throws: Refusal.self) { try await call.publish("done", [:]) }
        #expect(refusal?.code == "retired")
    }

    @Test func `records of plugins that aren't required are out of reach`() async throws {
        let stage = try Stage { _, call throws(Refusal) in
            .int(Int64(try await call.store.find(ForeignThing.self, matching: [:]).count))
        }
        #expect(try await stage.problem().code == .internalError)
    }

    @Test func `an operation past its time is refused`() async throws {
        let limits = HostManifest.Operation.Limits(timeout: .zero, rowsMax: 10, bodyBytesMax: 10)
        let stage = try Stage(operation: FixtureManifest.operation("echo", limits: limits)) { _, call throws(Refusal) in
            .text(try await call.store.nextNumber("thing"))
        }
        #expect(try await stage.problem().code == .deadlineExceeded)
    }

    @Test func `the version that the client saw is held against the record's`() async throws {
        let stage = try Stage(output: .entity("thing")) { input, _ in input["id"] }
        let id = stage.storage.store.add(["title": "first"])
        _ = try await stage.perform(["id": .string(id.description)], version: 1)
        #expect(try await stage.problem(["id": .string(id.description)], version: 7).code == .versionConflict)
    }
}
