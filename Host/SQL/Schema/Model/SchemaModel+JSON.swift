package import HostModel

extension SchemaModel {
    /// The canonical form that is kept with the applied schema: members in a fixed order, none that says nothing.
    package var json: JSONValue {
        .object([
            "schema": .string(schema),
            "functions": .array(
                functions.map {
                    .object([
                        "name": .string($0.name), "definition": .string($0.definition),
                        "rights": .array($0.rights.map(JSONValue.string)),
                    ])
                }), "tables": .array(tables.map(\.json)),
        ])
    }

    /// Reads what ``json`` wrote; nil for anything else, such as the form of a newer host.
    package init?(json: JSONValue) {
        guard let schema = json["schema"]?.string, let functions = json["functions"]?.array,
            let tables = json["tables"]?.array?.map({ TableModel(json: $0, schema: schema) })
        else { return nil }
        let read = functions.compactMap { function -> FunctionModel? in
            guard let name = function["name"]?.string, let definition = function["definition"]?.string,
                let rights = function["rights"]?.texts
            else { return nil }
            return FunctionModel(name: name, definition: definition, rights: rights)
        }
        guard read.count == functions.count, !tables.contains(where: { $0 == nil }) else { return nil }
        self.init(schema: schema, functions: read, tables: tables.compactMap(\.self))
    }
}

extension TableModel {
    fileprivate var json: JSONValue {
        var json = JSONObject([
            "name": .string(name), "columns": .array(columns.map(\.json)),
            "constraints": .array(constraints.map(\.json)),
            "indexes": .array(
                indexes.map {
                    .object([
                        "name": .string($0.name), "unique": .bool($0.isUnique), "definition": .string($0.definition),
                    ])
                }), "triggers": .array(triggers.map(\.json)), "policies": .array(policies.map(\.json)),
            "rights": .string(rights), "secured": .bool(isSecured),
        ])
        json["states"] = states.map(\.json)
        json["search"] = search.map(\.json)
        if isRetired { json["retired"] = true }
        return .object(json)
    }

    fileprivate init?(json: JSONValue, schema: String) {
        guard let name = json["name"]?.string, let columns = json["columns"]?.all(ColumnModel.init(json:)),
            let constraints = json["constraints"]?.all(ConstraintModel.init(json:)),
            let indexes = json["indexes"]?.all(IndexModel.init(json:)),
            let triggers = json["triggers"]?.all(NamedDefinition.init(json:)),
            let policies = json["policies"]?.all(NamedDefinition.init(json:)), let rights = json["rights"]?.string,
            let isSecured = json["secured"]?.bool
        else { return nil }
        self.init(
            schema: schema, name: name, columns: columns, constraints: constraints, indexes: indexes,
            triggers: triggers, policies: policies, rights: rights, isSecured: isSecured,
            states: json["states"].flatMap(StatesModel.init(json:)),
            search: json["search"].flatMap(SearchModel.init(json:)), isRetired: json["retired"]?.bool ?? false)
    }
}

extension ColumnModel {
    fileprivate var json: JSONValue {
        var json = JSONObject(["name": .string(name), "type": .string(type), "nullable": .bool(isNullable)])
        json["default"] = defaultText.map(JSONValue.string)
        json["generated"] = generated.map(JSONValue.string)
        if isRetired { json["retired"] = true }
        if isFilled { json["filled"] = true }
        return .object(json)
    }

    fileprivate init?(json: JSONValue) {
        guard let name = json["name"]?.string, let type = json["type"]?.string,
            let isNullable = json["nullable"]?.bool
        else { return nil }
        self.init(
            name: name, type: type, isNullable: isNullable, defaultText: json["default"]?.string,
            generated: json["generated"]?.string, isRetired: json["retired"]?.bool ?? false,
            isFilled: json["filled"]?.bool ?? false)
    }
}

extension ConstraintModel {
    fileprivate var json: JSONValue {
        var json = JSONObject([
            "name": .string(name), "kind": .string(kind.rawValue), "definition": .string(definition),
        ])
        json["bounds"] = bounds.map(\.json)
        if !isValidated { json["validated"] = false }
        return .object(json)
    }

    fileprivate init?(json: JSONValue) {
        guard let name = json["name"]?.string, let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)),
            let definition = json["definition"]?.string
        else { return nil }
        self.init(
            name: name, kind: kind, definition: definition, bounds: json["bounds"].flatMap(ValueBounds.init(json:)),
            isValidated: json["validated"]?.bool ?? true)
    }
}

extension ValueBounds {
    fileprivate var json: JSONValue {
        switch self {
        case .words(let words): .object(["words": .array(words.map(JSONValue.string))])
        case .wordSet(let words): .object(["wordSet": .array(words.map(JSONValue.string))])
        case .range(let min, let max): .object(["range": [.int(min), .int(max)]])
        case .length(let min, let max, let pattern):
            .object([
                "length": [.int(Int64(min)), .int(Int64(max))], "pattern": pattern.map(JSONValue.string) ?? .null,
            ])
        }
    }

    fileprivate init?(json: JSONValue) {
        if let words = json["words"]?.texts {
            self = .words(words)
        } else if let words = json["wordSet"]?.texts {
            self = .wordSet(words)
        } else if let min = json["range"]?[0]?.int, let max = json["range"]?[1]?.int {
            self = .range(min: min, max: max)
        } else if let min = json["length"]?[0]?.int, let max = json["length"]?[1]?.int {
            self = .length(min: Int(min), max: Int(max), pattern: json["pattern"]?.string)
        } else {
            return nil
        }
    }
}

extension IndexModel {
    fileprivate init?(json: JSONValue) {
        guard let name = json["name"]?.string, let isUnique = json["unique"]?.bool,
            let definition = json["definition"]?.string
        else { return nil }
        self.init(name: name, isUnique: isUnique, definition: definition)
    }
}

extension NamedDefinition {
    fileprivate var json: JSONValue { .object(["name": .string(name), "definition": .string(definition)]) }

    fileprivate init?(json: JSONValue) {
        guard let name = json["name"]?.string, let definition = json["definition"]?.string else { return nil }
        self.init(name: name, definition: definition)
    }
}

extension StatesModel {
    fileprivate var json: JSONValue {
        .object([
            "column": .string(column), "initial": .string(initial),
            "edges": .array(edges.sorted().map { [.string($0.from), .string($0.to)] }),
        ])
    }

    fileprivate init?(json: JSONValue) {
        guard let column = json["column"]?.string, let initial = json["initial"]?.string,
            let edges = json["edges"]?.all({ edge -> Edge? in
                guard let from = edge[0]?.string, let to = edge[1]?.string else { return nil }
                return Edge(from: from, to: to)
            })
        else { return nil }
        self.init(column: column, initial: initial, edges: Set(edges))
    }
}

extension JSONValue {
    /// The elements of an array, all of them of one form; nil when one isn't.
    fileprivate func all<Element>(_ read: (JSONValue) -> Element?) -> [Element]? {
        guard let array else { return nil }
        let elements = array.compactMap(read)
        return elements.count == array.count ? elements : nil
    }

    fileprivate var texts: [String]? { all(\.string) }
}
