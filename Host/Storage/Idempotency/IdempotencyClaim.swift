import Crypto
import Foundation
import HostModel
import HostSQL

/// What a request says with its `Idempotency-Key`: this is one request, however often it comes.
package struct IdempotencyClaim: Sendable {
    package static let keyLengthMax = 255

    /// For the operator who looks at the table: `POST /api/hs/app/v1/customers`.
    let route: String
    /// Names the row: SHA-256 of route, path's id and key, each behind its length.
    let digest: [UInt8]
    /// SHA-256 of all that must be the same when the key comes again.
    let request: [UInt8]
    /// SHA-256 of what the caller may see.
    let rights: [UInt8]

    /// - Parameters:
    ///   - key: 1 to ``keyLengthMax`` visible ASCII characters.
    ///   - route: Method and pattern.
    ///   - target: The path's id, as it was sent; empty for none.
    ///   - request: Method, path with query, precondition, body and person.
    ///   - roles: The caller's.
    package init(key: String, route: String, target: String, request: [[UInt8]], roles: [String]) {
        self.route = route
        digest = Self.digest([route, target, key].map { Array($0.utf8) })
        self.request = Self.digest(request)
        rights = Self.digest(roles.sorted().map { Array($0.utf8) })
    }

    /// Lengths stand before the parts, so that no two lists give the same bytes.
    private static func digest(_ parts: [[UInt8]]) -> [UInt8] {
        var hash = SHA256()
        for part in parts {
            hash.update(data: Array("\(part.count):".utf8))
            hash.update(data: part)
        }
        return Array(hash.finalize())
    }

    /// The number of the lock that one request with this claim holds at a time: of the whole cluster, so the business
    /// is in it.
    func lockNumber(in business: BusinessID) -> Int64 {
        let hash = SHA256.hash(data: Array(business.description.utf8) + digest)
        return hash.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }
}
