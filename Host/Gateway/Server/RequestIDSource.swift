import Foundation
import HostModel

/// Makes the ids of one event loop's requests: UUIDv7 whose random part is a random start counted up.
///
/// They name requests in logs and are no secret, so no request pays for the system's random numbers.
struct RequestIDSource {
    private let high: UInt64
    private var low: UInt64

    init(random: (UInt64, UInt64)) {
        high = random.0
        low = random.1
    }

    mutating func next(milliseconds: UInt64) -> RequestID {
        low &+= 1
        return RequestID(UUIDv7Source.make(milliseconds: milliseconds, random: (high, low)))
    }
}
