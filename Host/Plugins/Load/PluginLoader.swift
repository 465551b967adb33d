import Glibc
package import HostManifest
import HostModel
package import PluginAPI

/// Brings a plugin's library into the process: the only place that calls `dlopen`. Nothing calls `dlclose`.
package struct PluginLoader: Sendable {
    private let verifier: PluginVerifier
    private let trust: TrustList

    /// - Parameter trust: Says whether libraries that nobody signed may be loaded.
    package init(verifier: PluginVerifier, trust: TrustList) {
        self.verifier = verifier
        self.trust = trust
    }

    /// Verifies and maps a library, and takes the plugin out of it. Blocks for the file and for the dynamic loader,
    /// about a millisecond.
    ///
    /// Each call maps a new copy, also of one that was loaded before.
    package func load(_ manifest: Manifest, library: LibrarySource) throws(PluginRefusal) -> LoadedLibrary {
        let bytes: [UInt8]
        switch library {
        case .built(let path):
            guard trust.allowsUnsigned else {
                throw PluginRefusal(
                    .unsigned, plugin: manifest.id.description, "The library \(path) is in no signed package.")
            }
            bytes = try LibraryFile.read(path, of: manifest.id.description)
        case .packaged(let read): bytes = read
        }
        try verifier.verify(bytes, for: manifest, as: library.policy)
        // Sound: the handle is a library that is never unmapped.
        let plugin = unsafe try plugin(in: map(bytes, manifest), of: manifest.id.description)
        try DescriptorCheck(manifest: manifest).check(plugin.descriptor)
        return LoadedLibrary(plugin: plugin, digest: PluginPackage.digest(of: bytes))
    }

    /// Maps exactly the verified bytes.
    private func map(_ bytes: [UInt8], _ manifest: Manifest) throws(PluginRefusal) -> UnsafeMutableRawPointer {
        do {
            let image = try SealedImage(name: "\(manifest.id)-\(manifest.version)", bytes: bytes)
            return unsafe try image.open()
        } catch {
            throw PluginRefusal(.notOpened, plugin: manifest.id.description, "The library can't be loaded: \(error).")
        }
    }

    /// Calls the entry; the object it gives carries one reference that is taken over here.
    private func plugin(
        in library: UnsafeMutableRawPointer, of name: String
    ) throws(PluginRefusal) -> any VerticalPlugin {
        guard let symbol = unsafe dlsym(library, PluginLinkage.entry) else {
            throw PluginRefusal(
                .noEntry, plugin: name, "The library has no `\(PluginLinkage.entry)`: \(LoaderError()).")
        }
        typealias Entry = @convention(c) () -> UnsafeMutableRawPointer?
        // Sound: the note vouches for the signature of the symbol of that name and version, and the library stays
        // mapped for ever.
        let entry = unsafe unsafeBitCast(symbol, to: Entry.self)
        guard let object = unsafe entry() else {
            throw PluginRefusal(.entryFailed, plugin: name, "The entry gave no plugin.")
        }
        // Sound: the note says that the object is a PluginBox of the shared libPluginAPI.so, handed over retained.
        return unsafe Unmanaged<PluginBox>.fromOpaque(object).takeRetainedValue().plugin
    }
}

/// A plugin and the bytes it came from.
package struct LoadedLibrary: Sendable {
    package let plugin: any VerticalPlugin
    /// SHA-256 of the mapped bytes, lower-case hexadecimal.
    package let digest: String
}

/// Where a plugin's library comes from.
package enum LibrarySource: Hashable, Sendable {
    /// A file of a build folder: nobody vouches for it.
    case built(path: String)
    /// The bytes out of a ``PluginPackage``, whose signature was checked.
    case packaged([UInt8])

    var policy: VerificationPolicy {
        switch self {
        case .built: .development
        case .packaged: .installed
        }
    }
}
