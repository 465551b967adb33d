/// Reads `states` of an entity.
struct StateMachineReader {
    let findings: Findings
    let fields: [Field]
    let parent: Entity.Parent?

    func machine(_ node: YAMLNode, of entity: String) -> StateMachine? {
        let what = "`states` of `\(entity)`"
        guard let map = MapReader(node, what, keys: ManifestGrammar.states, findings: findings),
            let field = map.requiredText("field"), let initial = map.requiredText("initial"),
            map.required("transitions") != nil
        else { return nil }
        findings.check(field, .field, at: map.position("field"), "the status field")
        findings.check(initial, .word, at: map.position("initial"), "the status")
        let transitions = map.entries("transitions").compactMap(transition)
        // Guards may ask for the status, whose words are known only when every transition is.
        let machine = StateMachine(field: field, initial: initial, transitions: transitions.map(\.transition))
        let columns = ExpressionColumns(fields: fields, parent: parent, states: machine)
        let checks = CheckListReader(expressions: ExpressionReader(columns: columns, findings: findings))
        return StateMachine(
            field: field, initial: initial,
            transitions: transitions.map { $0.transition.guarded(by: checks.checks($0.map, "guards", "guard")) },
            hasLabels: map.bool("labels") ?? false)
    }

    private enum Reason: String, CaseIterable { case required }

    private func transition(_ member: YAMLMember) -> (transition: StateMachine.Transition, map: MapReader)? {
        let name = member.key
        findings.check(name, .word, at: member.position, "the transition")
        let what = "the transition `\(name)`"
        guard let map = MapReader(member.value, what, keys: ManifestGrammar.transition, findings: findings),
            map.required("from") != nil, let from = map.texts("from"), let to = map.requiredText("to")
        else { return nil }
        for status in from + [to] { findings.check(status, .word, at: map.position("from"), "the status") }
        if from.isEmpty || Set(from).count != from.count {
            findings.report(
                .transition, at: map.position("from"), "\(what) needs statuses in `from`, each of them once")
        }
        let permission = map.text("permission") ?? name
        if permission != name { findings.check(permission, .word, at: map.position("permission"), "the verb") }
        let transition = StateMachine.Transition(
            name: name, from: from, to: to, permission: permission,
            operation: map.text("operation"), needsReason: map.word("reason", as: Reason.self) != nil,
            emits: map.text("emits"))
        return (transition, map)
    }
}

extension StateMachine.Transition {
    fileprivate func guarded(by guards: [Entity.Check]) -> Self {
        Self(
            name: name, from: from, to: to, permission: permission, operation: operation, needsReason: needsReason,
            emits: emits, guards: guards)
    }
}
