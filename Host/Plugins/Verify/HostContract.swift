import PluginAPI

/// What a plugin's library must have been built for to run in this process.
package struct HostContract: Hashable, Sendable {
    /// Compiler, platform and PluginAPI major: `swift-6.3.1/linux-x86_64-gnu/papi1`.
    package let epoch: String
    package let apiMajor: Int
    package let apiMinor: Int
    /// The compiler's signature in the file of the host's own libPluginAPI.so; nil when it isn't known.
    package let toolchain: String?

    package init(epoch: String, apiMajor: Int, apiMinor: Int, toolchain: String?) {
        self.epoch = epoch
        self.apiMajor = apiMajor
        self.apiMinor = apiMinor
        self.toolchain = toolchain
    }
}

/// How strict to be with a library's linkage.
package enum VerificationPolicy: Hashable, Sendable {
    /// Our own build folder: SwiftPM writes DT_RUNPATH into every library, and it is tolerated.
    case development
    /// A package from elsewhere: no DT_RUNPATH.
    case installed
}
