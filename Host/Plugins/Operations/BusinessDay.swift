import Foundation
import HostModel
import PluginAPI

/// The calendar of a business: which day an instant falls on where it works.
struct BusinessDay {
    private let zone: TimeZone

    /// - Parameter timeZone: An IANA name, checked when the business was made; an unknown one counts as UTC.
    init(timeZone: String) {
        zone = TimeZone(identifier: timeZone) ?? .gmt
    }

    func day(of instant: HostModel.Timestamp) -> LocalDate {
        let seconds = instant.seconds
        let date = Date(timeIntervalSince1970: Double(seconds))
        let local = seconds + Int64(zone.secondsFromGMT(for: date))
        let (days, rest) = local.quotientAndRemainder(dividingBy: 86_400)
        return LocalDate.epoch.adding(days: Int(rest < 0 ? days - 1 : days))
    }
}

extension PluginAPI.RecordID {
    /// The same 128 bits as a plugin sees them.
    init(_ identity: some Identity) {
        let bytes = identity.uuid.uuid
        func word(_ parts: [UInt8]) -> UInt64 { parts.reduce(0) { $0 << 8 | UInt64($1) } }
        self.init(
            high: word([bytes.0, bytes.1, bytes.2, bytes.3, bytes.4, bytes.5, bytes.6, bytes.7]),
            low: word([bytes.8, bytes.9, bytes.10, bytes.11, bytes.12, bytes.13, bytes.14, bytes.15]))
    }
}

extension HostModel.RecordID {
    /// The same 128 bits as the host sees them.
    init(_ id: PluginAPI.RecordID) {
        func byte(_ index: UInt64) -> UInt8 {
            UInt8(truncatingIfNeeded: (index < 8 ? id.high : id.low) >> (56 - index % 8 * 8))
        }
        self.init(
            UUID(
                uuid: (
                    byte(0), byte(1), byte(2), byte(3), byte(4), byte(5), byte(6), byte(7), byte(8), byte(9),
                    byte(10), byte(11), byte(12), byte(13), byte(14), byte(15)
                )))
    }
}
