import Foundation
import HostModel

/// The wall clocks of a time zone, turned into instants.
struct LocalTime: Sendable {
    private let zone: TimeZone
    private let name: String

    init?(_ name: String) {
        guard let zone = TimeZone(identifier: name) else { return nil }
        self.zone = zone
        self.name = name
    }

    /// RFC 3339 in UTC. A time that comes twice, when clocks are set back, is the first one.
    ///
    /// - Throws: `nonexistent_time` for one that is skipped when clocks are set forward.
    func instant(_ moment: DateFormat.Moment) throws(RowFlaw) -> String {
        let local = moment.day.daysSinceEpoch * 86_400 + moment.second
        // The offsets of a day before and after: whichever fits; both on an ordinary day, where they are the same.
        let offsets = [local - 86_400, local + 86_400].map { offset(at: $0) }
        for offset in offsets where self.offset(at: local - offset) == offset {
            let instant = Timestamp(microseconds: Int64(local - offset) * 1_000_000)
            if let text = instant.rfc3339 { return text }
        }
        throw RowFlaw("nonexistent_time", "The clocks of \(name) skip that time; give it with an offset.")
    }

    private func offset(at second: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
    }
}
