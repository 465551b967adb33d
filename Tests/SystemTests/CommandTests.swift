import Foundation
import Testing

/// What `thorbis` says when a manifest or a library is not as it should be, and that it stops there.
struct CommandTests {
    @Test func `the project's manifests are valid and its generated code is fresh`() throws {
        let validated = try thorbis(["plugin", "validate"])
        #expect(validated.code == 0, "\(validated.output)")
        let checked = try thorbis(["plugin", "generate", "--check"])
        #expect(checked.code == 0, "\(checked.output)")
    }

    @Test func `a manifest with an unknown key is refused with rule, line and suggestion`() throws {
        let folder = try copyOfManifests()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "hs.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacing("features:", with: "featurs:", maxReplacements: 1)
            .write(to: file, atomically: true, encoding: .utf8)
        let result = try thorbis(["plugin", "validate", "--manifests", folder.path()])
        #expect(result.code == 1)
        #expect(result.output.contains("hs.yaml:"))
        #expect(result.output.contains("TM1003"))
        #expect(result.output.contains("features"))
    }

    @Test func `a server without a plugin's library does not start and says what to do`() async throws {
        let folder = ThorbisServer.temporaryFolder()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        await #expect(throws: StartFailure.self) {
            do {
                _ = try await ThorbisServer.start(environment: ["THORBIS_PLUGINS": folder.path()])
            } catch let failure as StartFailure {
                #expect(failure.log.contains("core: error TP2001"), "\(failure.log)")
                #expect(failure.log.contains("THORBIS_PLUGINS"))
                throw failure
            }
        }
    }

    @Test func `every rule that is printed can be explained`() throws {
        for rule in ["TM1003", "TP2001"] {
            let result = try thorbis(["plugin", "explain", rule])
            #expect(result.code == 0)
            #expect(result.output.contains("fix:"))
        }
        #expect(try thorbis(["plugin", "explain", "TX1"]).code == 2)
    }

    private func copyOfManifests() throws -> URL {
        let folder = ThorbisServer.temporaryFolder()
        try FileManager.default.copyItem(at: ThorbisServer.root.appending(path: "manifests"), to: folder)
        return folder
    }

    private func thorbis(_ arguments: [String]) throws -> Command.Result { try Command(arguments: arguments).run() }
}
