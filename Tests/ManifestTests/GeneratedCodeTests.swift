import Foundation
import HostManifest
import HostModel
import Testing

/// Generated code is committed, so that people and editors see it; it must be what the manifests give today.
struct GeneratedCodeTests {
    @Test(arguments: ["core", "hs"]) func `committed code is what the generator writes`(name: String) throws {
        let files = try Self.generated(name)
        for file in files {
            let committed = try? Repository.text(file.path)
            #expect(committed == file.text, "\(file.path) is stale; run `thorbis plugin generate`")
        }
        let folder = try #require(files.first?.path.split(separator: "/").dropLast().joined(separator: "/"))
        let present = try FileManager.default.contentsOfDirectory(
            atPath: Repository.root.appending(path: folder).path())
        #expect(present.sorted() == files.compactMap { $0.path.split(separator: "/").last.map(String.init) }.sorted())
    }

    private static func generated(_ name: String) throws -> [GeneratedFile] {
        let set = try ManifestSet.resolve([try Repository.manifest("core"), try Repository.manifest("hs")])
        let manifest = try #require(set.manifests.first { $0.id.description == name })
        return PluginGenerator.generate(manifest, in: set)
    }
}
