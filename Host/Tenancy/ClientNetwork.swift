import Foundation

/// What a rate limit for anonymous requests counts by: an IPv4 address, or the /64 of an IPv6 address.
///
/// A customer of an IPv6 provider holds a whole /64 and could come from a new address with every request.
package struct ClientNetwork: Hashable, Sendable {
    private let prefix: [UInt8]

    /// - Parameter address: In text form, without port or brackets, as the socket has it: `203.0.113.7`,
    ///   `2001:db8::1`, `::ffff:203.0.113.7` (the same as the IPv4 address). Anything else gives nil.
    package init?(address: String) {
        if let bytes = Self.parse(address, AF_INET, count: 4) {
            prefix = bytes
        } else if let bytes = Self.parse(address, AF_INET6, count: 16) {
            let mapped: [UInt8] = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
            prefix = bytes.starts(with: mapped) ? Array(bytes.suffix(4)) : Array(bytes.prefix(8))
        } else {
            return nil
        }
    }

    private static func parse(_ address: String, _ family: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        // Sound: inet_pton writes exactly `count` bytes for its family, into an array of that size.
        let result = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe inet_pton(family, address, buffer.baseAddress)
        }
        return result == 1 ? bytes : nil
    }
}
