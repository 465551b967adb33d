import HostManifest
import HostModel

/// Turns the text of a cell into the JSON value that a body would have.
///
/// What can't be turned stays a text, so that the checks of bodies refuse it with the code and words that a POST gets.
struct CellReading: Sendable {
    /// The mapping asks for a form that a field can't have.
    struct Refusal: Error {
        let detail: String
    }

    private enum Form: Sendable {
        case text
        case word
        case bool
        case integer
        case decimal(DecimalText)
        case words
        case texts
        case json
        case date(DateFormat)
        case time(DateFormat?, LocalTime)
    }

    private let form: Form

    init(
        _ type: FieldType, _ rule: ImportMapping.Rule, currency: String, timeZone: String
    ) throws(Refusal) {
        form = try Self.form(type, rule, currency: currency, timeZone: timeZone)
        if rule.decimal != nil, case .decimal = form {
        } else if rule.decimal != nil {
            throw Refusal(detail: "`decimal` is for money, quantities and rates.")
        }
        switch form {
        case .date, .time: break
        default:
            if rule.format != nil { throw Refusal(detail: "`format` is for dates and timestamps.") }
        }
    }

    private static func form(
        _ type: FieldType, _ rule: ImportMapping.Rule, currency: String, timeZone: String
    ) throws(Refusal) -> Form {
        let sign = rule.decimal?.utf8.first
        switch type {
        case .bool: return .bool
        case .int: return .integer
        case .money: return amount(sign, digits: CurrencyDigits.of(currency))
        case .quantity: return amount(sign, digits: 3)
        case .rate: return amount(sign, digits: 6)
        case .enumerationSet: return .words
        case .texts: return .texts
        case .json, .shapedJSON, .period, .geo, .list: return .json
        case .date: return try .date(DateFormat(rule.format ?? "YYYY-MM-DD", hasTime: false))
        case .timestamp:
            guard let zone = LocalTime(timeZone) else {
                throw Refusal(detail: "The business's time zone \(timeZone) isn't known here.")
            }
            return .time(try rule.format.map { text throws(Refusal) in try DateFormat(text, hasTime: true) }, zone)
        case .text: return .text
        default: return .word
        }
    }

    private static func amount(_ sign: UInt8?, digits: Int) -> Form {
        sign.map { .decimal(DecimalText(sign: $0, digits: digits)) } ?? .integer
    }

    /// - Parameter text: Not empty.
    /// - Throws: A flaw for a text that the mapping's own form doesn't fit.
    func value(_ text: String) throws(RowFlaw) -> JSONValue {
        switch form {
        case .text: return .string(text)
        case .word: return .string(Self.trimmed(text))
        case .bool: return Self.bool(Self.trimmed(text))
        case .integer: return Int64(Self.trimmed(text)).map { .int($0) } ?? .string(text)
        case .decimal(let decimal): return .int(try decimal.units(Self.trimmed(text)))
        case .words: return Self.words(Self.trimmed(text), between: ",;|")
        case .texts: return Self.words(Self.trimmed(text), between: ";|")
        case .json: return Self.json(text)
        case .date(let format): return .string(try format.day(Self.trimmed(text)).description)
        case .time(let format, let zone): return .string(try Self.time(Self.trimmed(text), format, zone))
        }
    }

    private static func time(
        _ text: String, _ format: DateFormat?, _ zone: LocalTime
    ) throws(RowFlaw) -> String {
        if let format { return try zone.instant(try format.moment(text)) }
        // With an offset it is what bodies take; without one it is the business's own time.
        guard let moment = DateFormat.isoMoment(text) else { return text }
        return try zone.instant(moment)
    }

    private static func bool(_ text: String) -> JSONValue {
        switch text.lowercased() {
        case "true", "yes", "y", "t", "1": true
        case "false", "no", "n", "f", "0": false
        default: .string(text)
        }
    }

    /// `customer; vendor`, with any of some characters between, or a JSON array.
    private static func words(_ text: String, between separators: String) -> JSONValue {
        if text.hasPrefix("[") { return json(text) }
        return .array(text.split(whereSeparator: { separators.contains($0) }).map { .string(trimmed(String($0))) })
    }

    private static func json(_ text: String) -> JSONValue {
        (try? JSONParser.parse(Array(text.utf8))) ?? .string(text)
    }

    /// Without blanks at both ends; the text itself when there are none, which is nearly always.
    static func trimmed(_ text: String) -> String {
        func isBlank(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
        guard isBlank(text.utf8.first) || isBlank(text.utf8.last) else { return text }
        var bytes = Array(text.utf8)[...]
        while isBlank(bytes.first) { bytes.removeFirst() }
        while isBlank(bytes.last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
