import NIOHTTP1

/// Gives what was read an entity tag, and answers 304 to who has it already (RFC 9110 section 13.1.2).
///
/// Comes last, behind every gate: that somebody had an answer once is no right to hear that it is still so.
enum Revalidation {
    /// The answer with a tag of its bytes, behind the version where it has one. As it is, when it isn't JSON, or shows
    /// what is sealed in the database: a digest would be something to try guesses against.
    static func tagged(_ response: HTTPResponse) -> HTTPResponse {
        guard response.status == 200, !response.isConfidential, case .json = response.contentType,
            let digest = response.body.digest
        else { return response }
        var response = response
        if let place = response.fields.firstIndex(where: { $0.name.description == EntityTag.name }) {
            response.fields[place] = EntityTag.field(response.fields[place].value, digest)
        } else {
            response.fields.append(EntityTag.field(nil, digest))
        }
        return response
    }

    /// - Parameter known: The tags that the client sent in `If-None-Match`; nil for none.
    static func answer(_ response: HTTPResponse, knowing known: String?) -> HTTPResponse {
        guard let known, response.status == 200, !response.isConfidential,
            let tag = response.fields.first(where: { $0.name.description == EntityTag.name }),
            EntityTag.matches(known, tag.value)
        else { return response }
        if case .stream = response.body { return response }
        return HTTPResponse(status: 304, contentType: response.contentType, fields: response.fields)
    }

    static func isReading(_ method: HTTPMethod) -> Bool { method == .GET || method == .HEAD }
}
