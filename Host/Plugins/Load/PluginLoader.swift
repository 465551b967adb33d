package import HostManifest
import HostModel
package import PluginAPI

/// Brings a plugin's library into the process, once it is verified and tried. Nothing calls `dlclose`.
package struct PluginLoader: Sendable {
    private let verifier: PluginVerifier
    private let trust: TrustList
    private let prober: (any PluginProber)?

    /// - Parameters:
    ///   - trust: Says whether libraries that nobody signed may be loaded.
    ///   - prober: Tries each library first; nil for none, in tests of what comes after.
    package init(verifier: PluginVerifier, trust: TrustList, prober: (any PluginProber)?) {
        self.verifier = verifier
        self.trust = trust
        self.prober = prober
    }

    /// Verifies a library, tries it in a process of its own, maps it and takes the plugin out of it. Blocks for the
    /// file and for the dynamic loader, about a millisecond.
    ///
    /// Each call maps a new copy, also of one that was loaded before.
    ///
    /// - Parameter note: Runs what maps the library and calls its code, so that it can be told should that end the
    ///   process.
    package func load(
        _ manifest: Manifest, library: LibrarySource, note: LoadNote = .none
    ) async throws(PluginRefusal) -> LoadedLibrary {
        let name = manifest.id.description
        let clock = ContinuousClock()
        let start = clock.now
        var phases = LoadPhases()
        let bytes = try bytes(of: library, name)
        try verifier.verify(bytes, for: manifest, as: library.policy)
        let digest = PluginPackage.digest(of: bytes)
        let image: SealedImage
        do throws(SystemCallError) {
            image = try SealedImage(name: "\(manifest.id)-\(manifest.version)", bytes: bytes)
        } catch {
            throw PluginRefusal(.notOpened, plugin: name, "The library can't be kept in memory: \(error).")
        }
        let check = DescriptorCheck(manifest: manifest)
        let verified = clock.now
        phases.verifying = verified - start
        if let prober {
            let answer = try await probe(image, of: name, by: prober)
            try check.check(answer.descriptor)
            if let refusal = answer.refusal(of: name) { throw refusal }
        }
        let probed = clock.now
        phases.probing = probed - verified
        let plugin = try note.during(image, digest: digest) { () throws(PluginRefusal) in
            let plugin = try PluginEntry.plugin(in: image, of: name)
            try check.check(plugin.descriptor)
            return plugin
        }
        phases.mapping = clock.now - probed
        return LoadedLibrary(plugin: plugin, digest: digest, image: MappedImage(of: image), phases: phases)
    }

    /// What the generation that is loaded from here would have as its digest.
    func digest(of manifest: Manifest, _ library: LibrarySource?) throws(PluginRefusal) -> String {
        guard let library else { return manifest.digest }
        return PluginPackage.digest(of: try bytes(of: library, manifest.id.description))
    }

    private func bytes(of library: LibrarySource, _ name: String) throws(PluginRefusal) -> [UInt8] {
        switch library {
        case .built(let path):
            guard trust.allowsUnsigned else {
                throw PluginRefusal(.unsigned, plugin: name, "The library \(path) is in no signed package.")
            }
            return try LibraryFile.read(path, of: name)
        case .packaged(let bytes): return bytes
        }
    }

    private func probe(
        _ image: SealedImage, of name: String, by prober: any PluginProber
    ) async throws(PluginRefusal) -> ProbeAnswer {
        let output: [UInt8]
        do throws(ProbeFailure) {
            output = try await prober.probe(image.descriptor)
        } catch {
            switch error {
            case .died(let how):
                throw PluginRefusal(.probe, plugin: name, "It \(how) while it was tried in a process of its own.")
            case .timedOut(let limit):
                throw PluginRefusal(.probeTime, plugin: name, "It didn't say what it is within \(limit).")
            case .notStarted(let why):
                throw PluginRefusal(.probe, plugin: name, "It can't be tried in a process of its own: \(why).")
            }
        }
        return try ProbeAnswer.read(output, of: name)
    }
}

/// A plugin and the bytes it came from.
package struct LoadedLibrary: Sendable {
    package let plugin: any VerticalPlugin
    /// SHA-256 of the mapped bytes, lower-case hexadecimal.
    package let digest: String
    package let image: MappedImage
    package let phases: LoadPhases

    /// A plugin that is its manifest alone; there is nothing to map.
    static func declared(_ plugin: any VerticalPlugin, digest: String) -> LoadedLibrary {
        LoadedLibrary(plugin: plugin, digest: digest, image: .none, phases: LoadPhases())
    }
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
