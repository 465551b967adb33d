import Foundation
import HostManifest
import HostModel
import PluginAPI
import Testing

/// What an operation may write: records of its own plugin, along the transitions that are its own.
struct WritingTests {
    /// A way to write that every plugin has by hand, whatever its generated code offers.
    enum Write: CaseIterable { case create, save, adjust, transition, deleteChildren }

    @Test func `records of a required plugin are read`() async throws {
        let stage = try Stage.dependent { input, call throws(Refusal) in
            guard case .id(let id) = input["id"] else { return .null }
            let thing = try await call.store.locked(Reference<BaseThing>(id))
            return .text(try await call.store.find(BaseThing.self, matching: [:]).isEmpty ? "" : thing.id.description)
        }
        stage.storage.store.add(["title": "first"])
        _ = try await stage.perform(["id": .string(stage.storage.store.add(["title": "read"]).description)])
        #expect(stage.storage.commits == 1)
    }

    @Test(arguments: Write.allCases)
    func `records of a required plugin are written by its operations alone`(write: Write) async throws {
        let stage = try Stage.dependent { _, call throws(Refusal) in
            var thing = BaseThing(fields: try Fields(["id": .id(RecordID(high: 1, low: 1)), "version": .int(1)]))
            thing.fields.set("title", .text("taken"))
            switch write {
            case .create: _ = try await call.store.create(BaseThingDraft(record: ["title": .text("new")]))
            case .save: _ = try await call.store.save(thing)
            case .adjust: _ = try await call.store.adjust(thing.reference, adding: ["count": 1])
            case .transition: _ = try await call.store.transition(thing, .close)
            case .deleteChildren: try await call.store.deleteChildren(BaseThing.self, of: thing)
            }
            return .null
        }
        #expect(try await stage.problem().code == .internalError)
        #expect(stage.observer.faults.contains { $0.contains("base.thing is written by operations of base alone") })
        #expect(stage.storage.commits == 0)
    }

    @Test func `an operation applies the transition that names it`() async throws {
        let stage = try Stage.dependent { _, call throws(Refusal) in try await close(call) }
        _ = try await stage.perform()
        #expect(stage.storage.commits == 1)
    }

    @Test func `a transition that names another operation is refused`() async throws {
        let stage = try Stage.dependent(closer: "closeThing") { _, call throws(Refusal) in try await close(call) }
        #expect(try await stage.problem().code == .internalError)
        #expect(stage.observer.faults.contains { $0.contains("applied by closeThing alone") })
        #expect(stage.storage.commits == 0)
    }
}

/// Makes a thing and closes it.
private func close(_ call: Call) async throws(Refusal) -> Value {
    let thing = try await call.store.create(ThingDraft(record: ["title": .text("first")]))
    _ = try await call.store.transition(thing, .close)
    return .null
}
