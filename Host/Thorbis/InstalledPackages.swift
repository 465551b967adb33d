import Foundation
import HostManifest
import HostModel
import HostPlugins
import HostStorage

/// The packages of an installation: `<data>/plugins/<id>/<version>/`, and which version of each is in use.
struct InstalledPackages {
    /// A version of a plugin that is in use.
    struct Active {
        let package: PluginPackage
        let manifest: Manifest
    }

    private let root: URL
    private let trust: TrustList

    /// Names the version in use, in the plugin's folder.
    private static let pointer = "active"

    init(data: URL, trust: TrustList) {
        root = data.appending(path: "plugins", directoryHint: .isDirectory)
        self.trust = trust
    }

    /// The packages in use, each checked from its files: one may have been changed since it was installed.
    ///
    /// - Parameter versions: Those that take the place of the pointers; each must be installed, as the very package.
    func inUse(_ versions: [PluginID: PackageVersion] = [:]) throws -> [Active] {
        try Set(plugins()).union(versions.keys).sorted().compactMap { plugin in
            if let wanted = versions[plugin] { return try package(plugin, wanted) }
            guard let version = activeVersion(of: plugin) else { return nil }
            return try package(plugin, version)
        }
    }

    /// - Throws: `CommandFailure` also when the package of that version here is another one.
    func package(_ plugin: PluginID, _ wanted: PackageVersion) throws -> Active {
        let found = try package(plugin, wanted.version)
        guard found.package.digest == wanted.digest else {
            throw CommandFailure.findings(
                "\(plugin) \(wanted.version) here is another package than the one that is rolled out: its digest is "
                    + "\(found.package.digest.prefix(12)), not \(wanted.digest.prefix(12)). Install that one.")
        }
        return found
    }

    /// The plugins that have a folder here, by id.
    func plugins() -> [PluginID] { names(in: root).compactMap { PluginID($0) }.sorted() }

    /// The installed versions of a plugin, the lowest first.
    func versions(of plugin: PluginID) -> [SemanticVersion] {
        names(in: folder(plugin)).compactMap { SemanticVersion($0) }.sorted()
    }

    func activeVersion(of plugin: PluginID) -> SemanticVersion? {
        let file = folder(plugin).appending(path: Self.pointer)
        let text = try? String(contentsOf: file, encoding: .utf8)
        return text.flatMap { SemanticVersion($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// - Throws: `CommandFailure` with the broken rule, or with what is wrong with the manifest.
    func package(_ plugin: PluginID, _ version: SemanticVersion) throws -> Active {
        let place = folder(plugin, version)
        guard FileManager.default.fileExists(atPath: place.path()) else {
            throw CommandFailure.usage("\(plugin) \(version) is not installed; `thorbis plugin list` shows what is.")
        }
        return try Self.read(place, trust: trust)
    }

    /// Reads and checks a package from any folder.
    static func read(_ folder: URL, trust: TrustList) throws -> Active {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        do {
            let files = try PackageFolder.read(names, in: folder.path(percentEncoded: false).trimmed)
            let package = try PluginPackage(files, folder: folder.lastPathComponent, trust: trust)
            let manifest = try ManifestParser.parse(
                yaml: String(decoding: package.manifest, as: UTF8.self),
                file: folder.lastPathComponent + "/" + PackageIndex.manifest,
                digest: PluginPackage.digest(of: package.manifest))
            try package.check(against: manifest)
            return Active(package: package, manifest: manifest)
        } catch let refusal as PluginRefusal {
            throw CommandFailure.findings(refusal.description)
        } catch let invalid as InvalidManifest {
            throw ManifestFiles.failure(invalid.diagnostics)
        }
    }

    /// Puts the files of a package, as they were checked, into place; a version that is there stays as it is.
    ///
    /// - Throws: The rule on republished versions when the version that is there is another package.
    func add(_ package: PluginPackage) throws {
        let place = folder(package.index.plugin, package.index.version)
        if FileManager.default.fileExists(atPath: place.path()) {
            let there = try self.package(package.index.plugin, package.index.version).package
            do {
                return try package.check(republished: there)
            } catch {
                throw CommandFailure.findings(error.description)
            }
        }
        let draft = folder(package.index.plugin).appending(path: ".\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: draft, withIntermediateDirectories: true)
        for (name, bytes) in package.files { try Data(bytes).write(to: draft.appending(path: name)) }
        try FileManager.default.moveItem(at: draft, to: place)
    }

    /// Takes a version into use; hosts that start from now on serve it.
    func activate(_ plugin: PluginID, _ version: SemanticVersion) throws {
        let file = folder(plugin).appending(path: Self.pointer)
        try Data("\(version)\n".utf8).write(to: file, options: .atomic)
    }

    private func folder(_ plugin: PluginID) -> URL {
        root.appending(path: plugin.description, directoryHint: .isDirectory)
    }

    private func folder(_ plugin: PluginID, _ version: SemanticVersion) -> URL {
        folder(plugin).appending(path: version.description, directoryHint: .isDirectory)
    }

    private func names(in folder: URL) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    }
}

extension String {
    /// Without a slash at its end.
    fileprivate var trimmed: String { hasSuffix("/") ? String(dropLast()) : self }
}
