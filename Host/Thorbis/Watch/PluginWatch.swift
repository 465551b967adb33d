import Foundation
import HostManifest

/// Development: has the running hosts serve what is saved, again and again, until it is ended.
///
/// It looks at the files four times a second. When some were saved it generates and builds what they belong to, and
/// reloads. What can't be generated, built or loaded is told, and what served goes on.
struct PluginWatch {
    let settings: Settings
    /// The folder that has `Package.swift` and `Plugins/`.
    let root: URL
    /// Reloads the hosts and prints what changed.
    let reload: () async throws -> Void

    private static let pause: Duration = .milliseconds(250)

    /// A plugin's folder of sources.
    private struct Sources {
        let folder: URL
        let product: String

        func holds(_ path: String) -> Bool {
            let prefix = folder.path()
            return path.hasPrefix(prefix.hasSuffix("/") ? prefix : prefix + "/")
        }
    }

    func run() async throws {
        var known = files()
        printLine(
            "watching \(root.appending(path: "Plugins").path()) and \(settings.manifestFolder.path()); Ctrl-C ends")
        while !Task.isCancelled {
            try await Task.sleep(for: Self.pause)
            let now = files()
            let changed = now.changes(since: known)
            // While somebody is still writing, the next look differs again.
            if changed.isEmpty || files() != now { continue }
            known = now
            await serve(changed, saved: now.saved(changed) ?? Date())
        }
    }

    private func serve(_ changed: [String], saved: Date) async {
        printLine("saved: \(changed.map { ($0 as NSString).lastPathComponent }.joined(separator: ", "))")
        do {
            let generated = try generate()
            for sources in try sources() where (changed + generated).contains(where: sources.holds) {
                try await SwiftBuild(root: root, configuration: configuration).build(sources.product)
            }
            try await reload()
            printLine("serving \(Self.seconds(since: saved)) s after the save")
        } catch let failure as CommandFailure {
            printError("\(failure.message)\nnothing changed; what served goes on")
        } catch {
            printError("\(error)\nnothing changed; what served goes on")
        }
    }

    /// Writes the code of every manifest that has sources here, and gives the files that it changed.
    private func generate() throws -> [String] {
        let set = try ManifestFiles.load(from: settings.manifestFolder)
        var changed: [String] = []
        for manifest in set.manifests where folder(of: manifest, set) != nil {
            let generated = GeneratedFolder(files: PluginGenerator.generate(manifest, in: set), root: root)
            let stale = generated.stale()
            guard !stale.isEmpty else { continue }
            try generated.write()
            changed += stale.map { root.appending(path: $0).path() }
        }
        return changed
    }

    private func sources() throws -> [Sources] {
        let set = try ManifestFiles.load(from: settings.manifestFolder)
        return set.manifests.compactMap { manifest in
            folder(of: manifest, set).map { Sources(folder: $0, product: $0.lastPathComponent + "Plugin") }
        }
    }

    /// `Plugins/<Name>` of a manifest; nil when it isn't here, as for plugins that are their manifest alone.
    private func folder(of manifest: Manifest, _ set: ManifestSet) -> URL? {
        guard let path = PluginGenerator.generate(manifest, in: set).first?.path else { return nil }
        let folder = root.appending(path: path).deletingLastPathComponent().deletingLastPathComponent()
        return FileManager.default.fileExists(atPath: folder.path()) ? folder : nil
    }

    private func files() -> SourceFiles {
        SourceFiles(below: [root.appending(path: "Plugins"), settings.manifestFolder])
    }

    /// That of the build folder which the host loads from.
    private var configuration: String { settings.pluginFolder.path().contains("/release") ? "release" : "debug" }

    private static func seconds(since date: Date) -> Double { (Date().timeIntervalSince(date) * 10).rounded() / 10 }
}
