import Foundation
import HostModel
import Testing

/// Start, stop, start again, and two side by side.
struct LifecycleTests {
    @Test func `a stopped server leaves no process, and a second start finds everything again`() async throws {
        let folder = ThorbisServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = try await ThorbisServer.start(dataFolder: folder)
        let firm = try await Firm.signUp(at: first.baseURL)
        let customer = try await firm.customer()
        #expect(try await first.stop() == 0)
        #expect(ProcessTable.naming(folder.lastPathComponent) == [], "nothing of the server is left")

        let second = try await ThorbisServer.start(dataFolder: folder)
        let client = HTTPClient(baseURL: second.baseURL, token: firm.client.token)
        let path = "\(Firm.hs)/customers/\(customer["id"]?.string ?? "")"
        #expect(try await client.get(path).json == customer, "keys and records outlive a restart")
        #expect(try await second.stop() == 0)
    }

    @Test func `two servers with folders of their own run side by side`() async throws {
        let folder = ThorbisServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let one = try await ThorbisServer.shared.value
        let other = try await ThorbisServer.start(dataFolder: folder)
        let firm = try await Firm.signUp(at: one.baseURL)
        let stranger = HTTPClient(baseURL: other.baseURL, token: firm.client.token)
        #expect(try await stranger.get("/api/platform/app/v1/me").status == 401, "each has its own keys")
        #expect(try await other.stop() == 0)
    }

    @Test func `the demo sign-ins work and are readable by the owner of the folder alone`() async throws {
        let server = try await ThorbisServer.shared.value
        let file = server.dataFolder.appending(path: "demo.json")
        let mode = try FileManager.default.attributesOfItem(atPath: file.path())[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let demo = try JSONParser.parse(Array(try Data(contentsOf: file)))
        let signIns = try #require(demo.array)
        #expect(signIns.count == 2)
        for signIn in signIns {
            let answer = try await HTTPClient(baseURL: server.baseURL).post(
                "/api/public/v1/sessions",
                ["email": signIn["email"] ?? .null, "password": signIn["password"] ?? .null])
            #expect(answer.status == 200, "\(answer.text)")
        }
    }
}
