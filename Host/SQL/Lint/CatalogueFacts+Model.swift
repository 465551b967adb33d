import HostModel

extension CatalogueFacts {
    /// What a catalogue would say of schemas that aren't made yet, as far as their models tell.
    ///
    /// Nothing of what hands do to a database: views, policies beside the host's, owners, disabled triggers, broken
    /// indexes and the runtime role's rights are facts of a live one only (``LintRule/isOfLiveSchemas``).
    package init(_ models: [SchemaModel]) {
        let tables = models.flatMap(\.tables)
        self.init(
            .object([
                "tables": .array(tables.map(\.fact)),
                "policies": .array(tables.flatMap(\.policyFacts)),
                "keys": .array(tables.flatMap(\.keyFacts)),
                "indexes": .array(tables.flatMap(\.indexFacts)),
                "money": .array(tables.flatMap(\.moneyFacts)),
                "triggers": .array(
                    tables.flatMap { table in
                        table.triggers.map { ["table": .string(table.path), "name": .string($0.name)] }
                    }),
                "definers": .array(models.flatMap(\.definerFacts)),
            ]))
    }
}

extension SchemaModel {
    fileprivate var definerFacts: [JSONValue] {
        functions.filter { $0.definition.contains("SECURITY DEFINER") }.map { function in
            let name = function.name.prefix { $0 != "(" }
            return ["name": .string("\(schema).\(name)"), "owner": .string("thorbis_owner")]
        }
    }
}

extension TableModel {
    fileprivate var path: String { "\(schema).\(name)" }

    fileprivate var fact: JSONValue {
        [
            "schema": .string(schema), "name": .string(name), "tenant": .bool(column("business_id") != nil),
            "secured": .bool(isSecured), "forced": .bool(isSecured),
        ]
    }

    fileprivate var policyFacts: [JSONValue] {
        policies.map { policy in
            let isWhole = [" FOR ALL ", " USING (", " WITH CHECK ("].allSatisfy { policy.definition.contains($0) }
            return [
                "table": .string(path), "permissive": .bool(policy.definition.contains(" AS PERMISSIVE ")),
                "whole": .bool(isWhole),
            ]
        }
    }

    /// Primary, foreign, unique and exclusive ones, with the column that each begins with.
    fileprivate var keyFacts: [JSONValue] {
        let constraints = constraints.filter { $0.kind != .check }.map { ($0.name, DefinedColumns($0.definition)) }
        let indexes = indexes.filter(\.isUnique).map { ($0.name, DefinedColumns($0.definition)) }
        return (constraints + indexes).map { name, columns in
            ["table": .string(path), "name": .string(name), "first": .string(columns.names.first ?? "")]
        }
    }

    /// Those of constraints too, as a catalogue has them.
    fileprivate var indexFacts: [JSONValue] {
        let keys = constraints.filter { [.primaryKey, .unique, .exclude].contains($0.kind) }
        return indexes.map { indexFact($0.name, $0.definition) } + keys.map { indexFact($0.name, $0.definition) }
    }

    private func indexFact(_ name: String, _ definition: String) -> JSONValue {
        let columns = DefinedColumns(definition)
        return [
            "table": .string(path), "name": .string(name), "valid": true, "where": .string(columns.condition),
            "columns": .array(columns.names.map { .string($0) }),
        ]
    }

    fileprivate var moneyFacts: [JSONValue] {
        columns.filter { $0.name.hasSuffix("_minor") && $0.type != "bigint" }.map {
            ["column": .string("\(path).\($0.name)"), "type": .string($0.type)]
        }
    }
}

/// The columns of a key or an index, read from the text that this room wrote: `… (business_id, "name" desc) WHERE …`.
private struct DefinedColumns {
    let names: [String]
    /// Without the quotes of names, as a catalogue prints it; empty for all rows.
    let condition: String

    init(_ definition: String) {
        let opened = definition.drop { $0 != "(" }.dropFirst()
        var depth = 0
        var parts = [""]
        for character in opened {
            if character == ")", depth == 0 { break }
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            if character == ",", depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        names = parts.map(Self.firstWord)
        let end = definition.ranges(of: " WHERE ").first?.upperBound
        condition = end.map { Self.plain(definition[$0...]) } ?? ""
    }

    private static func firstWord(_ part: String) -> String {
        let start = part.drop { $0 == " " }
        return plain(start.prefix { $0 != " " })
    }

    private static func plain(_ text: Substring) -> String { String(text.filter { $0 != "\"" }) }
}
