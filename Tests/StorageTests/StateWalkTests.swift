import Foundation
import HostManifest
import HostModel
import HostSQL
import HostStorage
import Testing

/// Random walks over every state machine of core, hs and the gallery: what is declared happens, all else is refused, and
/// the history tells the walk.
struct StateWalkTests {
    private static let stepCount = 25

    /// Where a walk is: its record, and what the history should say.
    private struct Walk {
        let plan: EntityPlan
        let id: RecordID
        var status: String
        var version: Int64 = 1
        var changes: [[String]]
    }

    @Test func `a random walk stays on declared ways and is its history`() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        try await TestInstallation.make(try TestManifests.gallery()) { installation in
            let firm = try await installation.signUp("ann@example.com")
            var maker = RecordMaker(installation, firm)
            var random = SeededGenerator(seed: seed)
            var count = 0
            for manifest in installation.storage.plans.manifests.manifests {
                for entity in manifest.entities {
                    guard let states = entity.states else { continue }
                    let reference = EntityReference(plugin: manifest.id, name: entity.name)
                    let plan = try #require(installation.storage.plans[reference])
                    let id = try await maker.record(reference)
                    var walk = Walk(plan: plan, id: id, status: states.initial, changes: [["", "", states.initial]])
                    for number in 0..<Self.stepCount {
                        if entity.name == "ticket", number == Self.stepCount / 2 {
                            try await answer(&walk, installation, firm)
                        }
                        try await step(&walk, states, &random, installation, firm, seed: seed)
                    }
                    try await expectHistory(of: walk, installation, firm, seed: seed)
                    count += 1
                }
            }
            #expect(count >= 4, "core, hs and flow have state machines")
        }
    }

    private func step(
        _ walk: inout Walk, _ states: StateMachine, _ random: inout SeededGenerator, _ installation: TestInstallation,
        _ firm: SignedUp, seed: UInt64
    ) async throws {
        let transition = try #require(states.transitions.randomElement(using: &random))
        let (plan, id, isAllowed) = (walk.plan, walk.id, transition.from.contains(walk.status))
        let unmet = try await unmetGuards(of: transition, walk, installation, firm)
        let place: Comment = "\(plan.reference) \(walk.status) -\(transition.name)→ seed \(seed)"
        do {
            let moved = try await installation.storage.records.transition(
                plan, id, transition.name, version: walk.version, reason: "step", in: firm.scope, reach: .business)
            #expect(isAllowed && unmet.isEmpty, place)
            #expect(moved.standing?.status == transition.to, place)
            walk.changes.append([walk.status, transition.name, transition.to])
            walk.status = transition.to
            walk.version = moved.version
        } catch  where isAllowed {
            #expect(error.code == .guardFailed, place)
            #expect(error.faults.map(\.code) == unmet, place)
        } catch {
            #expect(error.code == .invalidTransition, place)
            #expect(error.members["from"] == .string(walk.status), place)
            #expect(error.members["allowed"] == .array(plan.transitions(from: walk.status).map { .string($0) }), place)
        }
    }

    /// Meets the guards of the gallery's ticket, which stood in the way so far.
    private func answer(_ walk: inout Walk, _ installation: TestInstallation, _ firm: SignedUp) async throws {
        let changed = try await installation.storage.records.update(
            walk.plan, walk.id, version: walk.version, ["answer": "Planed the door.", "effort_minor": 4_500],
            in: firm.scope, reach: .business)
        walk.version = changed.version
    }

    /// What the host's own reading of the conditions says; the statement must say the same.
    private func unmetGuards(
        of transition: StateMachine.Transition, _ walk: Walk, _ installation: TestInstallation, _ firm: SignedUp
    ) async throws -> [String] {
        let record = try await installation.storage.records.read(
            walk.plan, walk.id, in: firm.scope, reach: .business)
        let members = try JSONParser.parse(record.json.bytes).object?.members ?? []
        let values = Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        return try transition.guards.filter { try $0.expression.holds(for: values) != true }.map(\.id)
    }

    private func expectHistory(
        of walk: Walk, _ installation: TestInstallation, _ firm: SignedUp, seed: UInt64
    ) async throws {
        var changes: [[String]] = []
        var cursor: String?
        repeat {
            let page = try await installation.storage.records.history(
                walk.plan, walk.id, limit: 7, cursor: cursor, in: firm.scope, reach: .business)
            for record in page.records {
                let row = try JSONParser.parse(record.bytes)
                changes.append(["from", "transition", "to"].map { row[$0]?.string ?? "" })
            }
            cursor = page.nextCursor
        } while cursor != nil
        #expect(changes == walk.changes, "\(walk.plan.reference) seed \(seed)")
    }
}

/// SplitMix64: the same walk for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
