import Foundation
import HostManifest
import HostPlugins
import Testing

/// A bad plugin, and the rule that keeps it out.
struct Piece: Sendable, CustomTestStringConvertible {
    /// How the host comes by it, and how far it gets.
    enum Way: Sendable {
        /// A file of a build folder, refused before any other process is asked.
        case built
        /// The library of a package.
        case packaged
        /// Tried in a process of its own, within a limit.
        case tried(within: Duration = .seconds(20))
    }

    /// As docs/PLUGINS.md calls it.
    let title: String
    let rule: String
    var way = Way.built
    /// A part of what is told.
    var says = ""
    let build: @Sendable () async throws -> FixtureBuild

    var testDescription: String { title }

    /// Has the host load it.
    func load() async throws -> LoadedLibrary {
        let library = try await build().library()
        let verifier = PluginVerifier(host: try .ofThisProcess())
        let manifest = try FixtureManifest.make()
        switch way {
        case .built:
            return try await PluginLoader(verifier: verifier, trust: .development, prober: nil)
                .load(manifest, library: .built(path: library))
        case .packaged:
            let bytes = Array(try Data(contentsOf: URL(filePath: library)))
            return try await PluginLoader(verifier: verifier, trust: .nobody, prober: nil)
                .load(manifest, library: .packaged(bytes))
        case .tried(let limit):
            let prober = BuiltProber(limit: limit)
            return try await PluginLoader(verifier: verifier, trust: .development, prober: prober)
                .load(manifest, library: .built(path: library))
        }
    }
}
