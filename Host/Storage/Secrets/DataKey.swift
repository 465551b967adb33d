import Crypto
import Foundation
import HostModel

/// The key of one business for its sensitive values.
struct DataKey: Sendable {
    let business: BusinessID
    /// The name that sealed values carry.
    let id: Int
    private let key: SymmetricKey

    private init(business: BusinessID, id: Int, key: SymmetricKey) {
        self.business = business
        self.id = id
        self.key = key
    }

    /// A key that nobody has had before.
    static func random(for business: BusinessID, id: Int) -> DataKey {
        DataKey(business: business, id: id, key: SymmetricKey(size: .bits256))
    }

    /// The key in the form for the database: nonce, ciphertext, tag; 60 bytes.
    func wrapped(by master: MasterKey) throws(Problem) -> [UInt8] {
        let plain = unsafe key.withUnsafeBytes { unsafe Data($0) }
        return try SealBox.seal(
            plain, with: SymmetricKey(data: master.bytes), bound: Self.binding(business, id, master.id))
    }

    /// - Throws: `internal_error` for a wrapped key that was altered, or is another business's.
    init(unwrapping wrapped: [UInt8], of business: BusinessID, id: Int, by master: MasterKey) throws(Problem) {
        let plain = try SealBox.open(
            wrapped, with: SymmetricKey(data: master.bytes), bound: Self.binding(business, id, master.id))
        self.init(business: business, id: id, key: SymmetricKey(data: plain))
    }

    private static func binding(_ business: BusinessID, _ id: Int, _ master: Int) -> [UInt8] {
        SealBox.binding(["thorbis data key", business.description, "\(id)", "\(master)"])
    }

    /// Seals the JSON text of a value: `v1.<key>.<base64url of nonce, ciphertext and tag>`.
    ///
    /// - Parameter place: Where the value stands; it opens there and nowhere else.
    func seal(_ plain: [UInt8], at place: SealedPlace) throws(Problem) -> String {
        "v1.\(id).\(Base64URL.encode(try SealBox.seal(Data(plain), with: key, bound: place.binding(of: business))))"
    }

    /// Seals bytes: nonce, ciphertext and tag, 28 bytes more.
    func sealed(_ plain: [UInt8], at place: SealedPlace) throws(Problem) -> [UInt8] {
        try SealBox.seal(Data(plain), with: key, bound: place.binding(of: business))
    }

    /// - Throws: `internal_error` for bytes that were altered, or sealed for another place, business or key.
    func open(_ sealed: [UInt8], at place: SealedPlace) throws(Problem) -> [UInt8] {
        Array(try SealBox.open(sealed, with: key, bound: place.binding(of: business)))
    }

    /// - Throws: `internal_error` for a text that was altered, or sealed for another place, business or key.
    func open(_ text: SealedText, at place: SealedPlace) throws(Problem) -> [UInt8] {
        Array(try SealBox.open(text.bytes, with: key, bound: place.binding(of: business)))
    }
}

/// Where a sealed value stands: what binds it beside its business.
struct SealedPlace: Sendable {
    /// `hs.service_location`.
    let entity: String
    let record: RecordID
    let column: String

    func binding(of business: BusinessID) -> [UInt8] {
        SealBox.binding(["thorbis value", business.description, entity, record.description, column])
    }
}

/// A sealed value taken apart.
struct SealedText: Sendable {
    let keyID: Int
    let bytes: [UInt8]

    /// Nil for what isn't of the form.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "v1", let keyID = Int(parts[1]), let bytes = Base64URL.decode(parts[2].utf8)
        else { return nil }
        self.keyID = keyID
        self.bytes = bytes
    }
}

/// AES-256-GCM with a random nonce of 96 bits in front.
private enum SealBox {
    static func seal(_ plain: Data, with key: SymmetricKey, bound: [UInt8]) throws(Problem) -> [UInt8] {
        do {
            // Nonces of the standard length always give the combined form.
            guard let combined = try AES.GCM.seal(plain, using: key, authenticating: bound).combined else {
                throw Problem.unopenable
            }
            return Array(combined)
        } catch { throw .unopenable }
    }

    static func open(_ sealed: [UInt8], with key: SymmetricKey, bound: [UInt8]) throws(Problem) -> Data {
        do {
            return try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key, authenticating: bound)
        } catch { throw .unopenable }
    }

    /// Lengths stand before the texts, so that no two places give the same bytes.
    static func binding(_ parts: [String]) -> [UInt8] {
        Array(parts.map { "\($0.utf8.count):\($0)" }.joined().utf8)
    }
}

extension Problem {
    /// Tells nothing of why: whoever moved a ciphertext learns only that it was noticed.
    static let unopenable = Problem(
        .internalError, "A sensitive value can't be opened: it was altered, or its key isn't there any more.")
}
