package import HostManifest
import HostModel

/// Decides whether a plugin's library may be loaded, from its bytes alone: none of its code runs before that.
///
/// The rules go from the file over the contract to the linkage, and the first broken one is the answer.
package struct PluginVerifier: Sendable {
    package let host: HostContract

    package init(host: HostContract) {
        self.host = host
    }

    /// Checks a library against the manifest that it is given for.
    package func verify(
        _ bytes: [UInt8], for manifest: Manifest, as policy: VerificationPolicy
    ) throws(PluginRefusal) {
        let plugin = manifest.id.description
        do {
            let file = try ELFFile(bytes)
            let note = try PluginNote(file)
            let linkage = PluginLinkage(
                dynamic: try ELFDynamic(file), symbols: try ELFSymbols(file),
                retroactiveConformances: try file.retroactiveConformances(), writableCode: file.writableCode,
                policy: policy)
            let contract = PluginContract(host: host, manifest: manifest, toolchain: try file.swiftToolchain())
            if let refusal = contract.refusal(of: note) ?? linkage.refusal(of: plugin) { throw refusal }
        } catch let refusal as PluginRefusal {
            throw refusal
        } catch let error as ELFError {
            throw PluginRefusal(error, plugin: plugin)
        } catch {
            // Typed throws can't tell the compiler that the two above are all there are.
            throw PluginRefusal(.damaged, plugin: plugin, "The library can't be read: \(error).")
        }
    }

    /// A library without the folders to search that the build machine wrote into it: for packages.
    package static func withoutRunPath(
        _ bytes: [UInt8], of manifest: Manifest
    ) throws(PluginRefusal) -> [UInt8] {
        do throws(ELFError) {
            return try ELFFile(bytes).withoutRunPath()
        } catch {
            throw PluginRefusal(error, plugin: manifest.id.description)
        }
    }
}

extension PluginRefusal {
    fileprivate init(_ error: ELFError, plugin: String) {
        switch error {
        case .foreign(let found): self.init(.foreign, plugin: plugin, "The library is \(found).")
        case .damaged(let found): self.init(.damaged, plugin: plugin, "The library is damaged: \(found).")
        }
    }
}
