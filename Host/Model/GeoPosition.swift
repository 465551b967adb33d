/// A place on the earth in degrees of WGS 84, exact to a millionth (11 cm).
package struct GeoPosition: Hashable, Sendable {
    /// Millionths of a degree, north positive: ±90,000,000.
    package let latitudeMicro: Int64
    /// Millionths of a degree, east positive: ±180,000,000.
    package let longitudeMicro: Int64

    package init(latitudeMicro: Int64, longitudeMicro: Int64) {
        self.latitudeMicro = latitudeMicro
        self.longitudeMicro = longitudeMicro
    }

    /// Reads `{"lat": 41.881832, "lng": -87.623177}`; nil when a member is missing or no number.
    package init?(json: JSONValue) {
        guard let latitude = json["lat"].flatMap(Self.micro), let longitude = json["lng"].flatMap(Self.micro) else {
            return nil
        }
        self.init(latitudeMicro: latitude, longitudeMicro: longitude)
    }

    package var json: JSONValue {
        ["lat": Self.degrees(latitudeMicro), "lng": Self.degrees(longitudeMicro)]
    }

    /// A number of degrees in millionths, rounded to the nearest; nil for what is no number or beyond any angle.
    package static func micro(_ json: JSONValue) -> Int64? {
        switch json {
        case .int(let degrees) where (-1_000...1_000).contains(degrees): degrees * 1_000_000
        case .double(let degrees) where (-1_000...1_000).contains(degrees): Int64((degrees * 1_000_000).rounded())
        default: nil
        }
    }

    /// At most six decimals: the shortest text of the nearest double has no more.
    private static func degrees(_ micro: Int64) -> JSONValue {
        micro.isMultiple(of: 1_000_000) ? .int(micro / 1_000_000) : .double(Double(micro) / 1_000_000)
    }
}
