import HostManifest
import PluginAPI

/// What a plugin's library must have been built for to run in this process.
package struct HostContract: Hashable, Sendable {
    /// Compiler, platform and PluginAPI major: `swift-6.3.1/linux-x86_64-gnu/papi1`.
    package let epoch: String
    package let apiMajor: Int
    package let apiMinor: Int
    /// The signature of the compiler that made the host; nil leaves it unchecked.
    package let toolchain: String?

    package init(epoch: String, apiMajor: Int, apiMinor: Int, toolchain: String?) {
        self.epoch = epoch
        self.apiMajor = apiMajor
        self.apiMinor = apiMinor
        self.toolchain = toolchain
    }

    /// The contract of this process.
    ///
    /// - Parameter executable: The bytes of a file that the same compiler made, such as the host's executable or its
    ///   libPluginAPI.so; its signature is the one that plugins must have.
    package static func current(compiledLike executable: [UInt8]?) -> HostContract {
        HostContract(
            epoch: NoteLayout.epoch, apiMajor: PluginAPIVersion.major, apiMinor: PluginAPIVersion.minor,
            toolchain: executable.flatMap { try? ELFFile($0).swiftToolchain() })
    }
}

/// How strict to be with a library's linkage.
package enum VerificationPolicy: Hashable, Sendable {
    /// Our own build folder: SwiftPM writes DT_RUNPATH into every library, and it is tolerated.
    case development
    /// A package from elsewhere: no DT_RUNPATH.
    case installed
}
