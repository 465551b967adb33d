import Foundation
import HostManifest
import HostModel
import HostPlugins
import HostStorage

/// Everything that an installation runs: the manifests of its folder with the libraries of the build folder, and the
/// installed packages.
struct PluginCatalogue {
    let manifests: ManifestSet
    /// Where each plugin's library is; none for plugins that are their manifest alone.
    let libraries: [PluginID: LibrarySource]
    let trust: TrustList
    /// Whose code isn't loaded, since no version is installed that may run.
    let quarantined: [PluginID: QuarantineNotice]
    /// What is really in use of the installed plugins: another version than was asked for, where that is quarantined.
    let packages: [PluginID: PackageVersion]

    /// Reads and checks all of it; nothing is loaded.
    ///
    /// - Parameters:
    ///   - package: Takes the place of the version of its plugin that is in use.
    ///   - versions: Likewise, for plugins that are installed here.
    /// - Throws: ``CommandFailure`` with what is wrong with the manifests, or the rule that a package breaks.
    static func load(
        _ settings: Settings, with package: InstalledPackages.Active? = nil,
        versions: [PluginID: PackageVersion] = [:]
    ) throws -> PluginCatalogue {
        let trust = try TrustFile.load(settings)
        let quarantine = try CrashWatch.quarantine(settings)
        var packages = try InstalledPackages(data: settings.dataFolder, trust: trust).inUse(
            versions, without: quarantine)
        if let package { packages = packages.filter { $0.manifest.id != package.manifest.id } + [package] }
        let files = try ManifestFiles.parsed(in: settings.manifestFolder)
        guard !files.isEmpty || !packages.isEmpty else { throw ManifestFiles.none(in: settings.manifestFolder) }
        let installed = Set(packages.map(\.manifest.id))
        if let both = files.first(where: { installed.contains($0.id) }) {
            throw CommandFailure.findings(
                "\(both.id) is installed as a package and has a manifest in \(settings.manifestFolder.path()): "
                    + "remove one of them, or set THORBIS_MANIFESTS to another folder.")
        }
        let manifests = try ManifestFiles.resolved(files + packages.map(\.manifest))
        var libraries = PluginFiles.libraries(of: files.map(\.id), in: settings.pluginFolder)
        for package in packages { libraries[package.manifest.id] = package.library }
        let notices = manifests.manifests.compactMap { manifest in
            quarantine.entry(of: libraries[manifest.id], manifest.id).map { (manifest.id, QuarantineNotice($0)) }
        }
        return PluginCatalogue(
            manifests: manifests, libraries: libraries, trust: trust,
            quarantined: Dictionary(uniqueKeysWithValues: notices),
            packages: Dictionary(packages.map { ($0.manifest.id, $0.version) }, uniquingKeysWith: { $1 }))
    }
}
