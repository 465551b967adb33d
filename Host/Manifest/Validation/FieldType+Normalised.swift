import HostModel

extension FieldType {
    /// Largest `json` value and `custom` object, as JSON text.
    static let jsonBytesMax = 65_536

    /// A single value in the form that is stored. Sets, lists, patterns and values of several members are checked by
    /// ``FieldRule``.
    ///
    /// - Parameter value: Not null.
    func normalised(_ value: JSONValue) throws(Breach) -> JSONValue {
        switch self {
        case .bool: try Self.bool(value)
        case .int(let min, let max), .money(let min, let max), .quantity(let min, let max):
            try Self.integer(value, in: min, max)
        case .rate: try Self.integer(value, in: Self.ratePPM.lowerBound, Self.ratePPM.upperBound)
        case .json, .shapedJSON: try Self.document(value)
        case .enumerationSet, .list, .texts, .period, .geo: value
        default: .string(try normalised(Self.text(value)))
        }
    }

    private func normalised(_ text: String) throws(Breach) -> String {
        switch self {
        case .text(let min, let max, _, _): try TextLength(min: min, max: max).check(text)
        case .sequence: try TextLength(min: 1, max: 64).check(text)
        case .enumeration(let values): if !TextFormat.isWord(text, of: values) { throw .oneOf(values) }
        case .uuid, .reference, .file: return try TextFormat.uuid(text)
        case .timestamp: return try TextFormat.timestamp(text)
        case .duration(let min, let max): return try TextFormat.duration(text, in: min, max)
        case .date: try TextFormat.checkDate(text)
        case .url: try WebAddress.check(text)
        case .email: try TextFormat.checkEmail(text)
        case .phone: try TextFormat.checkPhone(text)
        case .timeZone: try TextFormat.checkTimeZone(text)
        case .currency: try TextFormat.checkCurrency(text)
        case .country: try TextFormat.checkCountry(text)
        case .bool, .int, .money, .quantity, .rate, .json, .shapedJSON, .enumerationSet, .list, .texts, .period, .geo:
            break
        }
        return text
    }

    private static func text(_ value: JSONValue) throws(Breach) -> String {
        guard let text = value.string else { throw .type("a text") }
        // PostgreSQL's text has no U+0000.
        guard !text.utf8.contains(0) else { throw .zeroCharacter }
        return text
    }

    private static func bool(_ value: JSONValue) throws(Breach) -> JSONValue {
        guard value.bool != nil else { throw .type("true or false") }
        return value
    }

    private static func integer(_ value: JSONValue, in min: Int64, _ max: Int64) throws(Breach) -> JSONValue {
        guard let number = value.int else { throw .type("a whole number") }
        guard number >= min else { throw .min("\(min)") }
        guard number <= max else { throw .max("\(max)") }
        return value
    }

    private static func document(_ value: JSONValue) throws(Breach) -> JSONValue {
        guard value.object != nil else { throw .type("an object") }
        guard !value.hasZeroCharacter else { throw .zeroCharacter }
        guard value.utf8.count <= jsonBytesMax else { throw .max("\(jsonBytesMax) bytes of JSON") }
        return value
    }
}

extension JSONValue {
    /// Whether a text or a name in it, however deep, has U+0000. The parser bounds the depth.
    fileprivate var hasZeroCharacter: Bool {
        switch self {
        case .null, .bool, .int, .double: false
        case .string(let text): text.utf8.contains(0)
        case .array(let elements): elements.contains(where: \.hasZeroCharacter)
        case .object(let object):
            object.members.contains { $0.name.utf8.contains(0) || $0.value.hasZeroCharacter }
        }
    }
}
