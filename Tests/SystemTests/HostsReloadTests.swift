import Crypto
import Foundation
import HostModel
import Synchronization
import Testing

/// A reload of several hosts: all of them, or none.
struct HostsReloadTests {
    @Test func `one host that can't serve the new plugins keeps all of them as they are`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        let server = try await place.serve()
        let asked = Mutex<[String]>([])
        let fake = try await FakeHost.start(in: place.data) { question in
            asked.withLock { $0.append(question) }
            return ["ok": false, "message": "core: error TP2309: Its own test refused."]
        }
        let refused = try await place.detached("plugin", "reload", "core")
        #expect(refused.code == 1)
        #expect(refused.output.contains("host 1: core: error TP2309"), "\(refused.output)")
        #expect(asked.withLock { $0 } == ["prepare"], "who refused needs no abort")
        await fake.stop()
        let list = try place.run("plugin", "list").output
        #expect(list.contains("core 1.0.0 serves, generation 1"), "\(list)")
        #expect(list.contains("core 1.0.0 is retired, generation 2"), "\(list)")
        let alone = try await place.detached("plugin", "reload", "core")
        #expect(alone.output.contains("core 1.0.0 serves, generation 3"), "\(alone.output)")
        _ = try await server.stop()
    }

    @Test func `of two reloads at once one is refused, and asks no host`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        let lock = place.data.appending(path: "reload.lock")
        try Data().write(to: lock)
        let file = try FileHandle(forUpdating: lock)
        #expect(flock(file.fileDescriptor, LOCK_EX) == 0)
        let asked = Mutex<[String]>([])
        let fake = try await FakeHost.start(in: place.data) { question in
            asked.withLock { $0.append(question) }
            return ["ok": false, "message": "It can't."]
        }
        let refused = try await place.detached("plugin", "reload")
        #expect(refused.code == 1)
        #expect(refused.output.contains("another `plugin reload` is under way"), "\(refused.output)")
        #expect(asked.withLock { $0 }.isEmpty)
        try file.close()
        #expect(try await place.detached("plugin", "reload").output.contains("host 1: It can't."))
        await fake.stop()
    }

    @Test func `hosts that read other manifests, and one that ends before its swap, are told`() async throws {
        let place = try PublishingPlace()
        defer { place.remove() }
        try place.trust(unsigned: true)
        let server = try await place.serve()
        let other = try await FakeHost.start(in: place.data) { question in
            question == "prepare" ? ["ok": true, "manifests": ["core": "another"]] : ["ok": true]
        }
        let refused = try await place.detached("plugin", "reload")
        #expect(refused.code == 1)
        #expect(refused.output.contains("host 1: it reads other manifests"), "\(refused.output)")
        await other.stop()

        let bytes = try Data(contentsOf: ThorbisServer.root.appending(path: "manifests/core.yaml"))
        let digest = SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let dying = try await FakeHost.start(in: place.data) { question in
            question == "prepare" ? ["ok": true, "manifests": ["core": .string(digest)]] : nil
        }
        let reloaded = try await place.detached("plugin", "reload", "core")
        #expect(reloaded.code == 1)
        #expect(reloaded.output.contains("not every host has reloaded:\nhost 1: "), "\(reloaded.output)")
        #expect(reloaded.output.contains("core 1.0.0 serves, generation 2"), "the others serve the new ones")
        await dying.stop()
        _ = try await server.stop()
    }
}
