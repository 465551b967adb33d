import CLinux
import HostManifest

/// What is written down before a library's code runs for the first time in this process.
package struct LoadNote: Sendable {
    /// Nothing is written, as in tests of what comes after.
    package static let none = LoadNote(nil)

    private let load: (manifest: Manifest, number: Int, crashes: CrashFile)?

    private init(_ load: (manifest: Manifest, number: Int, crashes: CrashFile)?) {
        self.load = load
    }

    /// - Parameter number: The generation's, should the load succeed.
    init(manifest: Manifest, number: Int, crashes: CrashFile?) {
        load = crashes.map { (manifest, number, $0) }
    }

    /// Runs the body, which maps an image and calls into it, under the mark of its generation.
    func during<Result>(
        _ image: SealedImage, digest: String, _ body: () throws(PluginRefusal) -> Result
    ) throws(PluginRefusal) -> Result {
        guard let load else { return try body() }
        load.crashes.note(load.manifest, generation: load.number, digest: digest, image: image.path)
        thorbis_crash_mark(UInt32(clamping: load.number), WorkMark.noOperation)
        defer {
            thorbis_crash_mark(0, 0)
            load.crashes.noteModules()
        }
        return try body()
    }
}
