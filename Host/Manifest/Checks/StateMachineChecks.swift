/// The rules of one state machine.
struct StateMachineChecks {
    let manifest: Manifest
    let entity: Entity
    let states: StateMachine
    let findings: Findings

    func run() {
        checkReachable()
        for transition in states.transitions {
            checkOperation(transition)
            checkEvent(transition)
            checkGuards(transition)
        }
        if ManifestGrammar.baseColumns.contains(states.field) {
            findings.report(.reservedName, in: path + ["field"], "the name `\(states.field)` is reserved")
        }
        if states.hasLabels, states.transitions.contains(where: { $0.name == StateMachine.labelAction }) {
            findings.report(
                .reservedName, in: path + ["transitions", StateMachine.labelAction],
                "the transition `\(StateMachine.labelAction)` has the name of the action that sets labels")
        }
        if states.transitions.isEmpty {
            findings.report(.transition, in: path + ["transitions"], "`\(entity.name)` needs a transition")
        }
    }

    private var path: [String] { ["entities", entity.name, "states"] }

    /// Every status a transition starts from is the initial one or one that another reachable transition leads to.
    private func checkReachable() {
        var reachable: Set = [states.initial]
        var grew = true
        while grew {
            let next = states.transitions.filter { !reachable.isDisjoint(with: $0.from) }.map(\.to)
            grew = !reachable.isSuperset(of: next)
            reachable.formUnion(next)
        }
        for transition in states.transitions {
            for status in transition.from where !reachable.contains(status) {
                findings.report(
                    .transition, in: path + ["transitions", transition.name, "from"],
                    "nothing leads from `\(states.initial)` to the status `\(status)`",
                    suggestion: NearestName.nearest(to: status, among: reachable.sorted()).map {
                        "did you mean `\($0)`?"
                    })
            }
        }
    }

    private func checkOperation(_ transition: StateMachine.Transition) {
        guard let name = transition.operation, manifest.operation(name) == nil else { return }
        findings.reportUnknown(
            .unknownOperation, in: path + ["transitions", transition.name, "operation"], "the operation", name,
            known: manifest.operations.map(\.name))
    }

    private func checkGuards(_ transition: StateMachine.Transition) {
        let ids = transition.guards.map(\.id)
        for id in Set(ids).sorted() where ids.filter({ $0 == id }).count > 1 {
            findings.report(
                .duplicateName, in: path + ["transitions", transition.name, "guards"], "two guards are called `\(id)`")
        }
    }

    /// The host fills the payload from the record, so each of its fields must be the entity's or the entity.
    private func checkEvent(_ transition: StateMachine.Transition) {
        guard let name = transition.emits else { return }
        let place = path + ["transitions", transition.name, "emits"]
        guard let event = manifest.publishes.first(where: { $0.name == name }) else {
            return findings.reportUnknown(
                .unknownEvent, in: place, "the event", name, known: manifest.publishes.map(\.name))
        }
        for field in event.payload where field.name != entity.name && entity.field(field.name) == nil {
            findings.reportUnknown(
                .unknownField, in: ["events", "publishes", name, field.name], "in `\(entity.name)`, the field",
                field.name,
                known: entity.fields.map(\.name) + [entity.name])
        }
    }
}
