extension Duration: FieldValue {
    /// Reads whole seconds, as ``Value/int(_:)``. Since 1.1.
    public init?(value: Value) {
        guard case .int(let seconds) = value else { return nil }
        self = .seconds(seconds)
    }
    /// The whole seconds to store; a fraction is cut off. Since 1.1.
    public var value: Value { .int(components.seconds) }
}

/// A period of time: from an instant to a later one, which isn't in it any more. Since 1.1.
public struct TimePeriod: Hashable, Sendable {
    /// The first instant in it; nil for none, where the field allows that.
    public let from: Timestamp?
    /// The first instant after it; nil for none, where the field allows that.
    public let to: Timestamp?

    /// Makes a period; nil unless `from` is before `to`. Since 1.1.
    public init?(from: Timestamp?, to: Timestamp?) {
        if let from, let to, from >= to { return nil }
        self.from = from
        self.to = to
    }

    private init() {
        from = nil
        to = nil
    }

    /// Without a start or an end. Since 1.1.
    public static let always = TimePeriod()

    /// Whether an instant is in it. Since 1.1.
    public func contains(_ instant: Timestamp) -> Bool {
        (from.map { $0 <= instant } ?? true) && (to.map { instant < $0 } ?? true)
    }

    /// Whether there is an instant in both; periods that only meet have none. Since 1.1.
    public func overlaps(_ other: TimePeriod) -> Bool {
        Self.precedes(from, other.to) && Self.precedes(other.from, to)
    }

    private static func precedes(_ start: Timestamp?, _ end: Timestamp?) -> Bool {
        guard let start, let end else { return true }
        return start < end
    }
}

extension TimePeriod: FieldValue {
    /// Reads a ``Value/map(_:)`` with the timestamps `from` and `to`. Since 1.1.
    public init?(value: Value) {
        guard case .map(let record) = value, let from = Self.end(record["from"]), let to = Self.end(record["to"]) else {
            return nil
        }
        self.init(from: from, to: to)
    }
    /// The value to store. Since 1.1.
    public var value: Value { .map(["from": from?.value ?? .null, "to": to?.value ?? .null]) }

    /// Nil for what is no end; an end that is missing is `.some(nil)`.
    private static func end(_ value: Value) -> Timestamp?? {
        if case .null = value { return .some(nil) }
        return Timestamp(value: value).map { .some($0) }
    }
}

/// A place on the earth in millionths of a degree (WGS 84), about 11 cm. Since 1.1.
public struct GeoPoint: Hashable, Sendable {
    /// North positive, ±90,000,000.
    public let latitudeMicro: Int64
    /// East positive, ±180,000,000.
    public let longitudeMicro: Int64

    /// Makes a place; the host refuses to store one beyond the bounds. Since 1.1.
    public init(latitudeMicro: Int64, longitudeMicro: Int64) {
        self.latitudeMicro = latitudeMicro
        self.longitudeMicro = longitudeMicro
    }

    /// Where equator and prime meridian meet. Since 1.1.
    public static let zero = GeoPoint(latitudeMicro: 0, longitudeMicro: 0)
}

extension GeoPoint: FieldValue {
    /// Reads a ``Value/map(_:)`` with the integers `lat` and `lng`, in millionths. Since 1.1.
    public init?(value: Value) {
        guard case .map(let record) = value, case .int(let latitude) = record["lat"],
            case .int(let longitude) = record["lng"]
        else { return nil }
        self.init(latitudeMicro: latitude, longitudeMicro: longitude)
    }
    /// The value to store. Since 1.1.
    public var value: Value { .map(["lat": .int(latitudeMicro), "lng": .int(longitudeMicro)]) }
}
