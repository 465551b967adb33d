package import HostModel

/// Schemas are written as literals; the order of their members is kept.
///
/// In this room only: beside `JSONValue.object(_:)` for pairs it would make other rooms' literals ambiguous.
extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral members: (String, JSONValue)...) {
        self.init()
        for (name, value) in members { self[name] = value }
    }
}
