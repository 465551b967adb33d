/// What the documentation of a generated property says: the field's name, its shape and unit.
enum FieldDoc {
    static func line(_ field: Field) -> String {
        "/// `\(field.name)`: \(shape(field.type))\(field.isReadOnly ? "; set by operations only" : "")."
    }

    private static func shape(_ type: FieldType) -> String {
        switch type {
        case .text(let min, let max, _): "a text of \(min) to \(max) characters"
        case .email: "an e-mail address"
        case .phone: "a phone number in E.164"
        case .bool: "true or false"
        case .int(let min, let max): "an integer\(range(min, max))"
        case .money(let min, let max): "money in minor units\(range(min, max))"
        case .quantity(let min, let max): "a quantity in thousandths\(range(min, max))"
        case .rate: "a rate in parts per million"
        case .enumeration: "one of its values"
        case .enumerationSet: "a set of its values"
        case .date: "a day"
        case .timestamp: "an instant"
        case .timeZone: "an IANA time zone"
        case .uuid: "an id"
        case .json: "a JSON object"
        case .currency: "a currency of ISO 4217"
        case .country: "a country of ISO 3166-1"
        case .reference(let reference): "a record of `\(reference)`"
        case .sequence(let prefix): "a number of the series `\(prefix)`"
        case .list(_, let max): "at most \(max) of them"
        }
    }

    private static func range(_ min: Int64, _ max: Int64) -> String {
        let exact = FieldReader.exactIntegers
        return switch (min == exact.lowerBound, max == exact.upperBound) {
        case (true, true): ""
        case (false, true): ", at least \(min)"
        case (true, false): ", at most \(max)"
        case (false, false): ", \(min) to \(max)"
        }
    }
}
