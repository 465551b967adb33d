import Foundation
import HostModel
import Testing

/// Reloads that are taken back, on the real binary.
struct ReloadWatchTests {
    @Test func `faults and a crash take a reload back on both hosts, and the old code serves on the new tables`()
        async throws
    {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        try MisbehavingPlugin.install("1.0.0", in: place)
        let server = try await place.serve(["THORBIS_HOSTS": "2"])
        try await place.bothServe("1.0.0")
        let firm = try await Firm.signUp(at: server.baseURL)
        let things = "\(MisbehavingPlugin.root)/things"
        let thing = try await firm.make(things, ["title": "old"])

        try MisbehavingPlugin.install(
            "1.1.0", in: place,
            fields: ", note: {type: text, max: 50}, level: {type: int, default: 3, min: 0, max: 9}",
            more: ", unique: [[note]], checks: [{id: low, expr: \"level < 9\"}]}\n"
                + "  shelf: {route: shelves, fields: {title: {type: text, max: 9}}")
        let reloaded = try await place.detached("plugin", "reload")
        #expect(reloaded.code == 0, "\(reloaded.output)")
        #expect(
            reloaded.output.contains("bad 1.1.0 is watched for 60 s: a crash, or more faults"), "\(reloaded.output)")
        #expect(try await place.detached("plugin", "list").output.contains(" s more, in place of 1.0.0\n"))
        #expect(try await firm.client.post(things, ["title": "new", "note": "n"]).status == 201)

        // An undeclared refusal is a fault; two on one host are too many.
        let list = try await eventually(within: .seconds(30)) {
            #expect(try await firm.client.post("\(MisbehavingPlugin.root)/lie", [:]).status >= 500)
            let list = try await place.detached("plugin", "list").output
            // The version in use is read first.
            return list.contains("bad 1.0.0 (in use)") ? list : nil
        }
        #expect(list.contains("bad 1.1.0 was taken back for 1.0.0 at 20"), "\(list)")
        #expect(list.contains(" calls ended in a fault, "), "\(list)")
        #expect(!list.contains("quarantined"), "\(list)")
        try await place.bothServe("1.0.0")
        try await place.oldCodeServes(firm, thing)

        // A crash is enough, and the host that starts in the place of the dead one serves what served before.
        #expect(try await place.detached("plugin", "activate", "bad", "1.1.0").code == 0)
        #expect(try await place.detached("plugin", "reload").code == 0)
        try await place.bothServe("1.1.0")
        await #expect(throws: (any Error).self) {
            try await firm.client.post("\(MisbehavingPlugin.root)/trapindex", [:])
        }
        try await place.bothServe("1.0.0")
        let log = try String(contentsOfFile: place.path("data.log"), encoding: .utf8)
        #expect(log.contains("(operation trapIndex); bad 1.1.0 is taken back, 1.0.0 serves again"), "\(log)")
        #expect(try await place.detached("plugin", "list").output.contains("bad 1.0.0 (in use)"))
        try await place.oldCodeServes(firm, thing)
        #expect(try await server.stop() == 0)
    }

    @Test func `a watch that ends well is told of, and after a rename nothing is taken back`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        try MisbehavingPlugin.install("1.0.0", in: place)
        let server = try await place.serve()
        let firm = try await Firm.signUp(at: server.baseURL)
        try MisbehavingPlugin.install("1.1.0", in: place, fields: ", note: {type: text, max: 50}")
        #expect(try await place.reload(watch: "1").code == 0)
        try await eventually(within: .seconds(30)) {
            let metrics = try await HTTPClient(baseURL: server.baseURL).get("/metrics").text
            let series = "thorbis_plugin_watches_total{host=\"1\",plugin=\"bad\",outcome=\"passed\"} 1"
            return metrics.contains(series) ? true : nil
        }
        #expect(
            try await place.detached("plugin", "list").output.contains("bad 1.1.0 has passed the watch of its reload"))

        try MisbehavingPlugin.install("1.2.0", in: place, fields: ", remark: {type: text, max: 50, was: note}")
        let renamed = try await place.reload(watch: "60")
        #expect(renamed.output.contains("nothing is taken back: bad renames thing.note to remark"), "\(renamed.output)")
        for _ in 0..<3 { _ = try await firm.client.post("\(MisbehavingPlugin.root)/lie", [:]) }
        try await eventually(within: .seconds(30)) {
            let metrics = try await HTTPClient(baseURL: server.baseURL).get("/metrics").text
            let series = "thorbis_plugin_watches_total{host=\"1\",plugin=\"bad\",outcome=\"kept\"} 1"
            return metrics.contains(series) ? true : nil
        }
        #expect(try await place.detached("plugin", "list").output.contains("bad 1.2.0 serves"))

        #expect(try await place.reload(watch: "3601").code == 2)
        #expect(try await place.detached("plugin", "activate", "bad", "1.2.0").code == 0)
        #expect(try await server.stop() == 0)
    }

    @Test func `a build that is taken back is quarantined, and what served before serves on`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        let libraries = URL(filePath: place.path("libraries"), directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: libraries, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: ThorbisServer.buildFolder.appending(path: "libCorePlugin.so"),
            to: libraries.appending(path: "libCorePlugin.so"))
        try place.put(try MisbehavingPlugin.build("1.0.0", in: place), in: libraries)
        let server = try await place.serve(["THORBIS_PLUGINS": libraries.path()])
        let firm = try await Firm.signUp(at: server.baseURL)
        try place.put(try MisbehavingPlugin.build("1.1.0", in: place), in: libraries)
        let reloaded = try await place.reload(watch: "60", libraries)
        #expect(reloaded.output.contains("bad 1.1.0 is watched for 60 s"), "\(reloaded.output)")
        for _ in 0..<3 { _ = try await firm.client.post("\(MisbehavingPlugin.root)/lie", [:]) }
        let list = try await eventually(within: .seconds(30)) {
            let list = try await place.detached("plugin", "list").output
            return list.contains("bad 1.0.0 serves") ? list : nil
        }
        #expect(list.contains("bad 1.1.0 is quarantined since 20"), "\(list)")
        #expect(list.contains("taken back after its reload: 3 of 3 calls ended in a fault"), "\(list)")
        #expect(try await firm.client.post("\(MisbehavingPlugin.root)/behave", [:]).status == 204)
        #expect(try await server.stop() == 0)
    }
}

extension PublishingPlace {
    /// Waits until two hosts serve a version of the plugin.
    fileprivate func bothServe(_ version: String) async throws {
        try await eventually(within: .seconds(60)) {
            let list = try await detached("plugin", "list").output
            return list.components(separatedBy: "bad \(version) serves").count == 3 ? true : nil
        }
    }

    /// The code and the statements of the first version, on tables that were migrated to the next one.
    fileprivate func oldCodeServes(_ firm: Firm, _ thing: JSONValue) async throws {
        let things = "\(MisbehavingPlugin.root)/things"
        let path = "\(things)/\(thing["id"]?.string ?? "")"
        let read = try await firm.client.get(path)
        #expect(read.json["title"] == "old" && read.json["level"] == nil, "\(read.text)")
        #expect(try await firm.client.post(things, ["title": "after"]).status == 201)
        #expect(try await firm.client.post(things, ["title": "after", "note": "n"]).status == 422)
        #expect(try await firm.client.get("\(things)?filter[title]=after").status == 200)
        #expect(try await firm.client.get("\(MisbehavingPlugin.root)/shelves").status == 404)
        #expect(try await firm.client.post("\(MisbehavingPlugin.root)/behave", [:]).status == 204)
    }

    fileprivate func reload(watch seconds: String, _ libraries: URL? = nil) async throws -> Command.Result {
        var environment = [
            "THORBIS_DATA": data.path(), "THORBIS_MANIFESTS": path("manifests"), "THORBIS_RELOAD_WATCH": seconds,
        ]
        environment["THORBIS_PLUGINS"] = libraries?.path()
        return try await Command(arguments: ["plugin", "reload"], environment: environment, folder: root).runBeside()
    }

    /// What a developer has built takes the place of the build before.
    fileprivate func put(_ built: (manifest: URL, library: URL), in libraries: URL) throws {
        for (file, folder) in [(built.manifest, URL(filePath: path("manifests"))), (built.library, libraries)] {
            let place = folder.appending(path: file.lastPathComponent)
            try? FileManager.default.removeItem(at: place)
            try FileManager.default.copyItem(at: file, to: place)
        }
    }
}
