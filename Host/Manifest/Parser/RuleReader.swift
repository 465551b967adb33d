/// Reads `unique` and `exclude` of an entity, with the conditions under `while`.
struct RuleReader {
    let columns: ExpressionColumns
    let findings: Findings

    /// `[[invoice, position]]`, and `{fields: [work_order], while: {status: [open]}}` for some of the rows.
    func unique(_ map: MapReader) -> [Entity.Unique] {
        (map.list("unique") ?? []).compactMap { node in
            if case .list(let names) = node.content, !names.isEmpty {
                return Entity.Unique(columns: names.compactMap(column).map(\.name))
            }
            guard case .map = node.content else {
                findings.report(
                    .shape, at: node.position, "`unique` of \(map.what) must be a list of lists of fields",
                    suggestion: "write it like [[party], [status, due_date]]")
                return nil
            }
            let what = "a `unique` of \(map.what)"
            guard let rule = MapReader(node, what, keys: ManifestGrammar.unique, findings: findings),
                rule.required("fields") != nil, let names = rule.list("fields")
            else { return nil }
            if names.isEmpty {
                findings.report(.shape, at: rule.position("fields"), "`fields` of \(what) needs at least one field")
            }
            return Entity.Unique(columns: names.compactMap(column).map(\.name), condition: condition(rule))
        }
    }

    /// Each exclusion with the check that its start comes before its end, which a period needs not.
    func exclusions(_ map: MapReader) -> [(exclusion: Entity.Exclusion, range: Entity.Check?)] {
        (map.list("exclude") ?? []).compactMap { node in
            let what = "an `exclude` of \(map.what)"
            guard let rule = MapReader(node, what, keys: ManifestGrammar.exclude, findings: findings),
                let id = rule.requiredText("id"), let resource = rule.required("resource"),
                let during = rule.required("during")
            else { return nil }
            let rangeID = Entity.Exclusion.rangeID(id)
            findings.check(rangeID, .word, at: rule.position("id"), "the id with `_range`")
            let resources = resources(resource, what)
            guard let span = span(during, what), !resources.isEmpty else { return nil }
            let exclusion = Entity.Exclusion(
                id: id, resources: resources, from: span.from.name, to: span.to.name, span: span.kind,
                condition: condition(rule))
            guard span.kind != .period else { return (exclusion, nil) }
            let order = CheckExpression.Term.comparison(
                .column(span.from.name, span.from.kind), .less, .column(span.to.name, span.to.kind))
            return (exclusion, Entity.Check(id: rangeID, expression: CheckExpression(order)))
        }
    }

    private func resources(_ node: YAMLNode, _ what: String) -> [String] {
        let nodes = if case .list(let nodes) = node.content { nodes } else { [node] }
        return nodes.compactMap { node in
            guard let column = column(node) else { return nil }
            guard [.id, .number, .text].contains(column.kind) else {
                findings.report(
                    .exclude, at: node.position, "`resource` of \(what) can be a reference, a number or a text")
                return nil
            }
            return column.name
        }
    }

    private typealias Column = ExpressionColumns.Column

    /// `valid` of a period, or `[starts_at, ends_at]`.
    private func span(
        _ node: YAMLNode, _ what: String
    ) -> (from: Column, to: Column, kind: Entity.Exclusion.Span)? {
        let nodes = if case .list(let nodes) = node.content { nodes } else { [node] }
        let bounds = nodes.compactMap(column)
        guard bounds.count == nodes.count else { return nil }
        if bounds.count == 1, bounds[0].isPeriod { return (bounds[0], bounds[0], .period) }
        guard bounds.count == 2, bounds[0] != bounds[1], bounds[0].kind == bounds[1].kind,
            bounds[0].kind == .timestamp || bounds[0].kind == .date
        else {
            findings.report(
                .exclude, at: node.position,
                "`during` of \(what) must be a period, or two timestamps or two dates: start and end",
                suggestion: "write it like [starts_at, ends_at]")
            return nil
        }
        return (bounds[0], bounds[1], bounds[0].kind == .date ? .dates : .timestamps)
    }

    /// `{status: [held, firm], overlap_ok: [false]}`: each field has one of its values.
    private func condition(_ rule: MapReader) -> CheckExpression? {
        guard let node = rule["while"],
            let members = MapReader.members(of: node, "`while` of \(rule.what)", findings: findings)
        else { return nil }
        let terms = members.filter { !$0.key.hasPrefix("x-") }.compactMap(membership)
        guard let first = terms.first else {
            if members.isEmpty { findings.report(.shape, at: node.position, "`while` of \(rule.what) is empty") }
            return nil
        }
        return CheckExpression(terms.dropFirst().reduce(first) { .both($0, $1) })
    }

    private func membership(_ member: YAMLMember) -> CheckExpression.Term? {
        guard let column = columns[member.key] else {
            findings.reportUnknown(.unknownField, at: member.position, "the field", member.key, known: columns.names)
            return nil
        }
        guard case .list(let nodes) = member.value.content, !nodes.isEmpty else {
            findings.report(
                .shape, at: member.value.position, "`\(member.key)` of a `while` must be a list of values",
                suggestion: "write it like {status: [open, held]}")
            return nil
        }
        let left = CheckExpression.Term.column(column.name, column.kind)
        let values = nodes.compactMap { value($0, of: left, called: member.key) }
        return values.count == nodes.count ? .membership(left, values) : nil
    }

    private func value(
        _ node: YAMLNode, of left: CheckExpression.Term, called name: String
    ) -> CheckExpression.Term? {
        let literal: CheckExpression.Term? =
            switch node.content {
            case .scalar(.text(let text)): .text(text, .text)
            case .scalar(.int(let int)): .integer(int)
            case .scalar(.bool(let bool)): .bool(bool)
            default: nil
            }
        guard let literal else {
            findings.report(
                .shape, at: node.position,
                "a value of `\(name)` is a text, an integer, true or false; this is \(node.kind)")
            return nil
        }
        let token = ExpressionToken(content: .word(name), text: name, offset: 0)
        do throws(ExpressionFault) {
            return try ExpressionRules(columns: columns).member(literal, token, of: left, token)
        } catch {
            findings.report(.check, at: node.position, "`while`: \(error.message)", suggestion: error.suggestion)
            return nil
        }
    }

    private func column(_ node: YAMLNode) -> Column? {
        guard case .scalar(.text(let name)) = node.content else {
            findings.report(.shape, at: node.position, "a field's name belongs here; this is \(node.kind)")
            return nil
        }
        if let column = columns[name] { return column }
        findings.reportUnknown(.unknownField, at: node.position, "the field", name, known: columns.names)
        return nil
    }
}
