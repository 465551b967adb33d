import Foundation
import HostModel
import Yams

/// The mapping of an import as it stands on the command line: files and `Column=field`, later ones winning.
struct MappingArguments {
    let json: JSONValue

    /// - Throws: ``CommandFailure`` for a file that can't be read as YAML or JSON.
    init(_ arguments: [String], ignoresOthers: Bool) throws {
        var mapping = JSONObject()
        var columns = JSONObject()
        for argument in arguments {
            if FileManager.default.fileExists(atPath: argument) {
                for (name, value) in try Self.file(argument).members {
                    guard name == "columns", let object = value.object else {
                        mapping[name] = value
                        continue
                    }
                    for (column, rule) in object.members { columns[column] = rule }
                }
            } else if let equals = argument.firstIndex(of: "=") {
                let field = String(argument[argument.index(after: equals)...])
                columns[String(argument[..<equals])] = field.isEmpty ? .null : .string(field)
            } else {
                throw CommandFailure.usage("--map \(argument) is neither a file nor Column=field.")
            }
        }
        if !columns.names.isEmpty { mapping["columns"] = .object(columns) }
        if ignoresOthers { mapping["others"] = "ignore" }
        json = .object(mapping)
    }

    private static func file(_ path: String) throws -> JSONObject {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), let value = try? Yams.load(yaml: text),
            let object = json(value).object
        else { throw CommandFailure.usage("\(path) isn't a mapping in YAML or JSON.") }
        return object
    }

    private static func json(_ value: Any) -> JSONValue {
        switch value {
        case let text as String: .string(text)
        case let bool as Bool: .bool(bool)
        case let int as Int: .int(Int64(int))
        case let double as Double: .double(double)
        case let list as [Any]: .array(list.map(json))
        case let map as [AnyHashable: Any]:
            .object(
                map.map { (String(describing: $0.key), json($0.value)) }.sorted { $0.0 < $1.0 }
                    .reduce(into: JSONObject()) { $0[$1.0] = $1.1 })
        default: .null
        }
    }
}
