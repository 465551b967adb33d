import HostModel
import Testing

/// A vertical of YAML alone, on the real binary.
struct GalleryTests {
    @Test func `a plugin without operations serves records without a library`() async throws {
        let firm = try await Firm.signUp(at: try await ThorbisServer.gallery.value.baseURL)
        let note = try await firm.make("/api/plain/app/v1/notes", ["title": "Call the bank"])
        let id = try #require(note["id"]?.string)
        let read = try await firm.client.get("/api/plain/app/v1/notes/\(id)")
        #expect(read.json["title"]?.string == "Call the bank")
        let refused = try await firm.client.post("/api/plain/app/v1/notes", ["titel": "Call the bank"])
        #expect(refused.status == 422)
    }
}
