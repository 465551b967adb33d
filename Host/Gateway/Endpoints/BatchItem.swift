import HostManifest
import HostModel

/// One step of a batch, read from its body.
struct BatchItem: Sendable {
    enum Verb: String, Sendable, CaseIterable { case create, update, archive, transition }

    static let countMax = 100
    static let reasonLengthMax = 500

    let verb: Verb
    /// Of the record; nil with `create`.
    let id: RecordID?
    let version: Int64?
    /// The name of the transition.
    let action: String?
    let reason: String?
    let values: JSONObject

    /// The members of an item, by verb, and whether each must be there.
    private static func members(_ verb: Verb) -> [String: Bool] {
        switch verb {
        case .create: ["op": true, "values": true]
        case .update: ["op": true, "id": true, "version": true, "values": true]
        case .archive: ["op": true, "id": true, "version": true]
        case .transition: ["op": true, "id": true, "action": true, "version": false, "reason": false]
        }
    }

    /// Reads the items of a body.
    ///
    /// - Throws: `validation_failed` with every item at fault.
    static func items(of body: [String: JSONValue]) throws(Problem) -> [BatchItem] {
        for name in body.keys.sorted() where name != "items" {
            throw .invalid("/\(name)", "unknown_field", "A batch has the member items.")
        }
        guard let elements = body["items"]?.array else {
            throw .invalid("/items", body["items"] == nil ? "required" : "type", "A batch has a list of items.")
        }
        guard (1...countMax).contains(elements.count) else {
            throw .invalid("/items", elements.isEmpty ? "min" : "max", "A batch has 1 to \(countMax) items.")
        }
        var faults: [Problem.Fault] = []
        var items: [BatchItem] = []
        for (index, element) in elements.enumerated() {
            if let item = BatchItem(element, at: "/items/\(index)", &faults) { items.append(item) }
        }
        guard faults.isEmpty else {
            throw Problem(.validationFailed, "The batch has items that are not valid.", faults: faults)
        }
        return items
    }

    private init?(_ element: JSONValue, at path: String, _ faults: inout [Problem.Fault]) {
        func refuse(_ member: String, _ code: String, _ detail: String) {
            faults.append(Problem.Fault(path: path + member, code: code, detail: detail))
        }
        let count = faults.count
        guard let object = element.object else {
            refuse("", "type", "An item is an object.")
            return nil
        }
        guard let verb = object["op"]?.string.flatMap({ Verb(rawValue: $0) }) else {
            let words = Verb.allCases.map(\.rawValue).joined(separator: ", ")
            refuse("/op", object["op"] == nil ? "required" : "enum", "op is one of \(words).")
            return nil
        }
        let members = Self.members(verb)
        for name in object.names where members[name] == nil {
            refuse("/\(name)", "unknown_field", "An item with the op \(verb.rawValue) has no such member.")
        }
        for (name, isRequired) in members.sorted(by: { $0.key < $1.key }) where isRequired && object[name] == nil {
            refuse("/\(name)", "required", "A value is required.")
        }
        self.verb = verb
        id = object["id"]?.string.flatMap { RecordID($0) }
        if object["id"] != nil, id == nil, members["id"] != nil { refuse("/id", "format", "The id must be a UUID.") }
        version = object["version"]?.int
        if let given = object["version"], members["version"] != nil, (given.int ?? 0) < 1 {
            refuse("/version", "type", "The version is a whole number from 1.")
        }
        action = object["action"]?.string
        if object["action"] != nil, action == nil { refuse("/action", "type", "The action is a transition's name.") }
        reason = object["reason"]?.string
        if object["reason"] != nil, !(1...Self.reasonLengthMax).contains(reason?.unicodeScalars.count ?? 0) {
            refuse("/reason", "type", "The reason is a text of 1 to \(Self.reasonLengthMax) characters.")
        }
        values = object["values"]?.object ?? JSONObject()
        if object["values"] != nil, object["values"]?.object == nil {
            refuse("/values", "type", "The values are an object.")
        }
        if faults.count > count { return nil }
    }
}
