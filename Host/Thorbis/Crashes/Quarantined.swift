import Foundation
import HostManifest
import HostModel
import HostPlugins
import HostStorage
import HostSupervisor

extension QuarantineList {
    /// Whether the code of a library may not run.
    func entry(of library: LibrarySource?, _ plugin: PluginID) -> Entry? {
        // Most installations have none: then no file is read.
        guard let library, entries.contains(where: { $0.plugin == plugin }) else { return nil }
        return library.bytes.flatMap { self[PluginPackage.digest(of: $0)] }
    }
}

extension QuarantineNotice {
    init(_ entry: QuarantineList.Entry) {
        self.init(reason: entry.reason, since: entry.since, digest: entry.digest)
    }
}

extension LibrarySource {
    /// The bytes of the library; nil when the file can't be read, which the loader tells.
    var bytes: [UInt8]? {
        switch self {
        case .built(let path): (try? Data(contentsOf: URL(filePath: path))).map { Array($0) }
        case .packaged(let bytes): bytes
        }
    }
}

extension InstalledPackages {
    /// The packages in use, where code that is quarantined is replaced by the newest earlier version whose isn't: the
    /// last one known to be good.
    ///
    /// - Parameter wanted: Versions that take the place of the pointers.
    func inUse(_ wanted: [PluginID: PackageVersion], without list: QuarantineList) throws -> [Active] {
        try inUse(wanted).map { current in
            let plugin = current.manifest.id
            guard list.entry(of: current.library, plugin) != nil else { return current }
            let earlier = versions(of: plugin).filter { $0 < current.manifest.version }.reversed()
            for version in earlier {
                guard let candidate = try? package(plugin, version),
                    list.entry(of: candidate.library, plugin) == nil
                else { continue }
                return candidate
            }
            return current
        }
    }
}

extension InstalledPackages.Active {
    var version: PackageVersion { PackageVersion(version: manifest.version, digest: package.digest) }
    var library: LibrarySource? { package.library.map(LibrarySource.packaged) }
    /// What its generations have as their digest.
    var codeDigest: String { package.library.map { PluginPackage.digest(of: $0) } ?? manifest.digest }
}
