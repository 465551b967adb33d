import Crypto
import Foundation
import HostModel

/// Encrypts kept answers: they can show what the tables hold encrypted, so they aren't kept in the clear either.
///
/// AES-256-GCM under a key that is derived from the installation's own; bound to business, claim and status.
struct AnswerSeal: Sendable {
    private let key: SymmetricKey

    init(_ cursors: CursorSeal) {
        key = cursors.derivedKey(for: "idempotency.answer")
    }

    /// - Throws: `internal_error`; AES-GCM refuses no bytes that fit into memory.
    func seal(_ answer: [UInt8], of claim: IdempotencyClaim, in business: BusinessID, status: Int) throws(Problem)
        -> Data
    {
        let bound = Self.bound(claim, business, status)
        guard let box = try? AES.GCM.seal(answer, using: key, authenticating: bound), let sealed = box.combined else {
            throw .failed
        }
        return sealed
    }

    /// Nil for bytes that were sealed under another key, or for another row.
    func open(_ sealed: Data, of claim: IdempotencyClaim, in business: BusinessID, status: Int) -> [UInt8]? {
        guard let box = try? AES.GCM.SealedBox(combined: sealed),
            let answer = try? AES.GCM.open(box, using: key, authenticating: Self.bound(claim, business, status))
        else { return nil }
        return Array(answer)
    }

    private static func bound(_ claim: IdempotencyClaim, _ business: BusinessID, _ status: Int) -> [UInt8] {
        Array("\(business) \(status) ".utf8) + claim.digest
    }
}
