import HostModel
import Testing

// Tags are made and compared inside of the gateway; over HTTP they are looked at with a database, in SystemTests.
@testable import HostGateway

struct RevalidationTests {
    private func tag(_ response: HTTPResponse) -> String? {
        Revalidation.tagged(response).fields.first { $0.name.description == "ETag" }?.value
    }

    @Test func `a record's tag has its version, a list's has none, and each byte counts`() throws {
        let bytes = Array("{\"id\":\"0190f3f0\",\"version\":7,\"name\":\"Ada\"}".utf8)
        let record = try #require(tag(.json(bytes, fields: [EntityTag.field(version: 7)])))
        let list = try #require(tag(.json(bytes)))
        #expect(record.hasPrefix("\"7.") && record.dropFirst(3).dropLast().utf8.count == 11)
        #expect(list == "\"" + record.dropFirst(3))
        var tags: Set<String> = [list]
        for place in bytes.indices {
            var other = bytes
            other[place] ^= 1
            tags.insert(try #require(tag(.json(other))))
        }
        for count in 0..<bytes.count { tags.insert(try #require(tag(.json(Array(bytes.prefix(count)))))) }
        #expect(tags.count == 1 + 2 * bytes.count)
        #expect(tag(.json(bytes)) == list)
    }

    @Test func `zeros at the end are bytes, and so is where parts meet`() {
        let short = HTTPResponse.Body.bytes([1, 0]).digest?.text
        #expect(HTTPResponse.Body.bytes([1]).digest?.text != short)
        #expect(HTTPResponse.Body.bytes([1, 0, 0]).digest?.text != short)
        #expect(HTTPResponse.Body.bytes([]).digest?.text != HTTPResponse.Body.bytes([0]).digest?.text)
    }

    @Test func `what shows sealed values, isn't JSON or is a refusal has no digest`() {
        var secret = HTTPResponse.json([1, 2], fields: [EntityTag.field(version: 3)])
        secret.isConfidential = true
        #expect(tag(secret) == "\"3\"")
        #expect(Revalidation.answer(secret, knowing: "\"3\"").status == 200)
        #expect(Revalidation.answer(secret, knowing: "*").status == 200)
        #expect(tag(HTTPResponse(status: 200, contentType: .text, body: .bytes([1]))) == nil)
        #expect(tag(.json([1], status: 404)) == nil)
        #expect(tag(.json([1], status: 201, fields: [EntityTag.field(version: 1)])) == "\"1\"")
    }

    @Test func `who has the answer gets 304 with the tag and no body`() throws {
        let answer = Revalidation.tagged(.json([1, 2, 3], fields: [EntityTag.field(version: 2)]))
        let tag = try #require(answer.fields.first?.value)
        for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
            let response = Revalidation.answer(answer, knowing: known)
            #expect(response.status == 304 && response.body.count == 0, "\(known)")
            #expect(response.fields.map(\.value) == [tag])
        }
        for known in ["\"2\"", "\"2.AAAAAAAAAAA\"", String(tag.dropFirst().dropLast()), "", "\"\""] {
            #expect(Revalidation.answer(answer, knowing: known).status == 200, "\(known)")
        }
        #expect(Revalidation.answer(answer, knowing: nil).status == 200)
    }

    @Test func `a tag that was read names its version, and only a tag that can have been given`() throws {
        #expect(try EntityTag.version(ifMatch: "\"12\"") == 12)
        #expect(try EntityTag.version(ifMatch: "\"12.x5Vd0aQw_1k\"") == 12)
        for tag in [
            "\"12.\"", "\"12.short\"", "\"12.x5Vd0aQw_1k.x5Vd0aQw_1k\"", "\"x5Vd0aQw_1k\"", "\"012.x5Vd0aQw_1k\"",
            "\"12.x5Vd0aQw+1k\"", "\".x5Vd0aQw_1k\"", "W/\"12.x5Vd0aQw_1k\"", "\"12.x5Vd0aQw_1l\"",
        ] {
            #expect(throws: Problem.self, "\(tag)") { try EntityTag.version(ifMatch: tag) }
        }
    }
}
