import HostManifest
import HostModel
import HostSQL
import Testing

struct SensitiveFieldTests {
    private static func plan() throws -> EntityPlan {
        let set = try Manifests.shop(
            """
              lock:
                route: locks
                feature: shop
                archivable: true
                fields:
                  gate_code: {type: text, max: 40, sensitive: true}
                  door: {type: text, max: 40, required: true}
            """)
        let reference = EntityReference(plugin: try #require(set.manifests.first?.id), name: "lock")
        return try #require(EntityPlan(reference, in: set))
    }

    @Test func `the trail says that a sensitive value changed, not to what`() throws {
        let plan = try Self.plan()
        let create = try plan.create(NewRecord(id: Sample.record, values: [:]), by: Sample.context())
        let update = try plan.update(Sample.record, version: 1, values: [:], by: Sample.context())
        let mask = #"CASE WHEN a.key IN ('gate_code') THEN '"hidden"'::jsonb ELSE a.value END"#
        #expect(create.statement.text.contains("'gate_code' END, jsonb_build_object('to', 'hidden'::text)"))
        #expect(create.statement.text.contains("'door', jsonb_build_object('to', w.\"door\")"))
        #expect(update.statement.text.contains(mask))
        #expect(update.statement.text.contains(mask.replacing("a.", with: "b.")))
    }
}
