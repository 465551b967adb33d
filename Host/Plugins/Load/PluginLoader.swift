import Crypto
import Glibc
package import HostManifest
import HostModel
package import PluginAPI

/// Brings a plugin's library into the process: the only place that calls `dlopen`. Nothing calls `dlclose`.
package struct PluginLoader: Sendable {
    private let verifier: PluginVerifier

    package init(verifier: PluginVerifier) {
        self.verifier = verifier
    }

    /// Verifies and maps the library at a path, and takes the plugin out of it. Blocks for the file and for the
    /// dynamic loader, about a millisecond.
    ///
    /// Each call maps a new copy, also for a path that was loaded before.
    package func load(_ manifest: Manifest, library path: String) throws(PluginRefusal) -> LoadedLibrary {
        let name = manifest.id.description
        let bytes = try LibraryFile.read(path, of: name)
        try verifier.verify(bytes, for: manifest)
        // Sound: the handle is a library that is never unmapped.
        let plugin = unsafe try plugin(in: map(bytes, manifest), of: name)
        try DescriptorCheck(manifest: manifest).check(plugin.descriptor)
        return LoadedLibrary(plugin: plugin, digest: Self.digest(of: bytes))
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

    private static func digest(of bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

/// A plugin and the bytes it came from.
package struct LoadedLibrary: Sendable {
    package let plugin: any VerticalPlugin
    /// SHA-256 of the mapped bytes, lower-case hexadecimal.
    package let digest: String
}
