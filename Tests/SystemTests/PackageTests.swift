import Foundation
import HostModel
import Testing

/// A plugin from the publisher's key to a served request, by the commands that an operator uses.
struct PackageTests {
    @Test func `a signed package is installed, served, and refused once it was touched`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        let made = try place.publish("hs", library: "libHomeServicesPlugin.so")
        #expect(made.output.contains("hs 1.0.0 signed by acme-2026"), "\(made.output)")

        let stranger = try place.run("plugin", "install", place.path("hs"))
        #expect(stranger.code == 1)
        #expect(stranger.output.contains("TP2403"), "\(stranger.output)")
        try place.trust(unsigned: true)
        let installed = try place.run("plugin", "install", place.path("hs"))
        #expect(installed.code == 0, "\(installed.output)")
        #expect(installed.output.contains("hs 1.0.0 is installed, signed by acme-2026"))
        let list = try place.run("plugin", "list")
        #expect(list.output.hasPrefix("hs 1.0.0 (in use): digest "), "\(list.output)")

        let server = try await place.serve()
        let firm = try await Firm.signUp(at: server.baseURL)
        let order = try await firm.workOrder()
        #expect(try await firm.act("schedule", on: order, place.times).status == 200)
        _ = try await server.stop()

        let file = place.data.appending(path: "plugins/hs/1.0.0/libHomeServicesPlugin.so")
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: file)
        let failure = await #expect(throws: StartFailure.self) { _ = try await place.serve() }
        #expect(failure?.log.contains("TP2406") == true, "\(failure?.log ?? "")")
        #expect(try place.run("plugin", "list").output.contains("TP2406"))
    }

    @Test func `a library that nobody signed isn't served where unsigned code is refused`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: false)
        let failure = await #expect(throws: StartFailure.self) { _ = try await place.serve() }
        #expect(failure?.log.contains("core: error TP2402") == true, "\(failure?.log ?? "")")
    }

    @Test func `another package of an installed version is refused, a next version takes over and back`() throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        #expect(try place.publish("lend", version: "1.0.0").code == 0)
        #expect(try place.run("plugin", "install", place.path("lend")).code == 0)
        #expect(try place.run("plugin", "install", place.path("lend")).code == 0, "the same again is no change")
        #expect(try place.publish("lend", version: "1.0.0", title: "Other").code == 0)
        let again = try place.run("plugin", "install", place.path("lend"))
        #expect(again.code == 1)
        #expect(again.output.contains("TP2407"), "\(again.output)")
        #expect(try place.publish("lend", version: "1.1.0", title: "Other").code == 0)
        #expect(try place.run("plugin", "install", place.path("lend")).code == 0)
        #expect(try place.run("plugin", "list").output.contains("lend 1.1.0 (in use)"))
        #expect(try place.run("plugin", "activate", "lend", "1.0.0").code == 0)
        #expect(try place.run("plugin", "list").output.contains("lend 1.0.0 (in use)"))
        #expect(try place.run("plugin", "activate", "lend", "3.0.0").code == 2)
    }
}
