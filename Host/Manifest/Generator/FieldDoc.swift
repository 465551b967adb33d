import HostModel

/// What the documentation of a generated property says: the field's name, its shape and unit.
enum FieldDoc {
    static func line(_ field: Field) -> String {
        "/// `\(field.name)`: \(shape(field.type))\(field.isReadOnly ? "; set by operations only" : "")."
    }

    private static func shape(_ type: FieldType) -> String {
        switch type {
        case .text(let min, let max, _, _): "a text of \(min) to \(max) characters"
        case .email: "an e-mail address"
        case .phone: "a phone number in E.164"
        case .texts(let min, let max, let itemMax): "\(min) to \(max) texts of at most \(itemMax) characters"
        case .url: "a web address"
        case .bool: "true or false"
        case .int(let min, let max): "an integer\(range(min, max))"
        case .money(let min, let max): "money in minor units\(range(min, max))"
        case .quantity(let min, let max): "a quantity in thousandths\(range(min, max))"
        case .rate: "a rate in parts per million"
        case .enumeration: "one of its values"
        case .enumerationSet: "a set of its values"
        case .date: "a day"
        case .timestamp: "an instant"
        case .duration(let min, let max):
            "whole seconds, \(WholeSeconds(min).iso8601) to \(WholeSeconds(max).iso8601)"
        case .period(let isOpen): "a period of time\(isOpen ? ", maybe without a start or an end" : "")"
        case .geo: "a place on the earth"
        case .timeZone: "an IANA time zone"
        case .uuid: "an id"
        case .json, .shapedJSON: "a JSON object"
        case .currency: "a currency of ISO 4217"
        case .country: "a country of ISO 3166-1"
        case .reference(let reference): "a record of `\(reference)`"
        case .file: "an uploaded file"
        case .sequence(let prefix, _): "a number of the series `\(prefix)`"
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
