import HostManifest
import HostModel
import PluginAPI

/// How the members of an object are called: records use columns, checked inputs use fields.
enum MemberNames {
    case fields
    case columns

    func name(of field: Field) -> String {
        switch self {
        case .fields: field.name
        case .columns: field.column
        }
    }
}

/// Turns a field's JSON form into the value that crosses to a plugin, and back.
extension FieldType {
    /// Nil when the JSON isn't of this type.
    func value(of json: JSONValue, _ names: MemberNames) -> Value? {
        if case .null = json { return .null }
        switch self {
        case .text, .url, .email, .phone, .enumeration, .timeZone, .currency, .country, .sequence:
            return json.string.map(Value.text)
        case .bool: return json.bool.map(Value.bool)
        case .int, .money, .quantity, .rate: return json.int.map(Value.int)
        case .enumerationSet, .texts: return json.array?.mapAll { $0.string.map(Value.text) }.map(Value.list)
        case .date: return json.string.flatMap(LocalDate.init).map(Value.date)
        case .timestamp: return json.string.flatMap(PluginAPI.Timestamp.init(json:)).map(Value.timestamp)
        case .duration: return json.string.flatMap { WholeSeconds(iso8601: $0) }.map { .int($0.seconds) }
        case .period: return TimePeriod(json: json)?.value
        case .geo: return GeoPosition(json: json).map { GeoPoint($0).value }
        case .uuid, .reference, .file: return json.string.flatMap { PluginAPI.RecordID($0) }.map(Value.id)
        case .json, .shapedJSON: return Value(untyped: json)
        case .list(let fields, _):
            return json.array?.mapAll { fields.record(of: $0, names).map(Value.map) }.map(Value.list)
        }
    }

    /// Nil when the value isn't of this type.
    func json(of value: Value, _ names: MemberNames) -> JSONValue? {
        switch (self, value) {
        case (_, .null): return .null
        case (.text, .text(let text)), (.url, .text(let text)), (.email, .text(let text)), (.phone, .text(let text)),
            (.enumeration, .text(let text)), (.timeZone, .text(let text)), (.currency, .text(let text)),
            (.country, .text(let text)), (.sequence, .text(let text)):
            return .string(text)
        case (.bool, .bool(let bool)): return .bool(bool)
        case (.int, .int(let int)), (.money, .int(let int)), (.quantity, .int(let int)), (.rate, .int(let int)):
            return .int(int)
        case (.enumerationSet, .list(let values)), (.texts, .list(let values)):
            return values.mapAll { String(value: $0).map(JSONValue.string) }.map(JSONValue.array)
        case (.date, .date(let date)): return .string(date.description)
        case (.timestamp, .timestamp(let instant)): return instant.json
        case (.duration, .int(let seconds)): return Self.duration(seconds)
        case (.period, _): return TimePeriod(value: value)?.json
        case (.geo, _): return GeoPoint(value: value).map { GeoPosition($0).json }
        case (.uuid, .id(let id)), (.reference, .id(let id)), (.file, .id(let id)): return .string(id.description)
        case (.json, _), (.shapedJSON, _): return JSONValue(untyped: value)
        case (.list(let fields, _), .list(let values)):
            return values.mapAll { element in
                Record(value: element).flatMap { fields.json(of: $0, names) }.map(JSONValue.object)
            }.map(JSONValue.array)
        default: return nil
        }
    }

    /// Nil for one that can't be written.
    private static func duration(_ seconds: Int64) -> JSONValue? {
        WholeSeconds.bounds.contains(seconds) ? .string(WholeSeconds(seconds).iso8601) : nil
    }
}

extension TimePeriod {
    /// Reads `{"from": …, "to": …}` as PostgreSQL and `InputValidator` give it.
    init?(json: JSONValue) {
        guard json.object != nil else { return nil }
        var ends: [PluginAPI.Timestamp?] = []
        for end in [json["from"] ?? .null, json["to"] ?? .null] {
            guard case .string(let text) = end else {
                guard case .null = end else { return nil }
                ends.append(nil)
                continue
            }
            guard let instant = PluginAPI.Timestamp(json: text) else { return nil }
            ends.append(instant)
        }
        self.init(from: ends[0], to: ends[1])
    }

    /// Nil for an end outside the years 1 to 9999.
    var json: JSONValue? {
        let ends = [from, to].mapAll { end in end.map { $0.json } ?? JSONValue.null }
        return ends.map { ["from": $0[0], "to": $0[1]] }
    }
}

extension GeoPoint {
    init(_ position: GeoPosition) {
        self.init(latitudeMicro: position.latitudeMicro, longitudeMicro: position.longitudeMicro)
    }
}

extension GeoPosition {
    init(_ point: GeoPoint) {
        self.init(latitudeMicro: point.latitudeMicro, longitudeMicro: point.longitudeMicro)
    }
}

extension [Field] {
    /// Reads the fields out of an object; nil when one isn't of its type. Absent members stay absent.
    func record(of json: JSONValue, _ names: MemberNames) -> Record? {
        guard let object = json.object else { return nil }
        var record = Record()
        for field in self {
            guard let found = object[names.name(of: field)] else { continue }
            guard let value = field.type.value(of: found, names) else { return nil }
            record[field.name] = value
        }
        return record
    }

    /// The object of a record; nil when it has a value that no field takes.
    func json(of record: Record, _ names: MemberNames) -> JSONObject? {
        var object = JSONObject()
        var taken = 0
        for field in self {
            guard let value = record.values[field.name] else { continue }
            guard let json = field.type.json(of: value, names) else { return nil }
            object[names.name(of: field)] = json
            taken += 1
        }
        return taken == record.values.count ? object : nil
    }
}

extension PluginAPI.Timestamp {
    /// Reads the text that PostgreSQL and `InputValidator` give.
    init?(json text: String) {
        guard let instant = HostModel.Timestamp(rfc3339: text) else { return nil }
        self.init(microseconds: instant.microseconds)
    }

    /// RFC 3339; nil outside the years 1 to 9999.
    var json: JSONValue? {
        HostModel.Timestamp(microseconds: microseconds).rfc3339.map(JSONValue.string)
    }
}
