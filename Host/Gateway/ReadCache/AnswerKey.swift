import HostAuth
import HostModel

/// All that an answer to GET depends on, but for the records behind it.
///
/// The target is the request's, path and query as they were sent: it chooses the route within an edition. Another
/// spelling of the same question is another key, which costs a read and can't be wrong.
struct AnswerKey: Hashable, Sendable {
    /// Of the snapshot: its routes, statements, features and roles.
    let edition: Int
    let business: BusinessID
    /// Nil where all that the roles grant reaches the whole business, so that nothing depends on who it is.
    let user: UserID?
    let rights: RightsDigest
    let target: String
    /// Made once: a miss looks in three places.
    let hash: Int

    init(_ principal: Principal, _ target: String, edition: Int) {
        self.edition = edition
        business = principal.business
        user = principal.permissions.reachesOwn ? principal.user : nil
        rights = principal.rights
        self.target = target
        var hasher = Hasher()
        hasher.combine(edition)
        hasher.combine(business)
        hasher.combine(user)
        hasher.combine(rights)
        hasher.combine(target)
        hash = hasher.finalize()
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

/// A 200 with JSON, as it goes out.
struct KnownAnswer: Sendable {
    let bytes: [UInt8]
    let fields: [HTTPResponse.Field]

    init(bytes: [UInt8], fields: [HTTPResponse.Field]) {
        self.bytes = bytes
        self.fields = fields
    }

    /// Nil for anything else, and for what shows values that are sealed in the database.
    init?(_ response: HTTPResponse) {
        guard response.status == 200, !response.isConfidential, !response.closesConnection,
            case .json = response.contentType, let bytes = response.body.copy
        else { return nil }
        self.bytes = bytes
        fields = response.fields
    }

    var response: HTTPResponse { .json(bytes, fields: fields) }
}
