package import Foundation

/// Makes ids: 48 bits of Unix milliseconds, then random bits (RFC 9562 section 5.7).
///
/// Ids made later in another millisecond sort later, which keeps inserts at the end of an index.
package struct UUIDv7Source: Sendable {
    private let clock: any WallClock

    package init(clock: any WallClock) {
        self.clock = clock
    }

    package func next() -> UUID {
        var generator = SystemRandomNumberGenerator()
        return Self.make(
            milliseconds: UInt64(max(0, clock.now().microseconds / 1_000)),
            random: (generator.next(), generator.next()))
    }

    /// The id for a given time and random bits.
    package static func make(milliseconds: UInt64, random: (UInt64, UInt64)) -> UUID {
        let high = milliseconds << 16 | 0x7000 | random.0 & 0x0FFF
        let low = random.1 & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        func byte(_ word: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> (56 - index * 8)) }
        return UUID(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5),
                byte(high, 6), byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3),
                byte(low, 4), byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }
}
