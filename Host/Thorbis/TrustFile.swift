import Foundation
import HostManifest

/// `trust.yaml`: whose plugins this installation loads.
enum TrustFile {
    static let name = "trust.yaml"

    private static let development = """
        # Whose plugins this installation loads. `thorbis up` made this file for development: libraries of the build
        # folder, which nobody signed, are loaded. In production write `unsigned: refused` and list keys:
        #
        #   keys:
        #     acme-2026: {key: "<what thorbis plugin keygen printed>", plugins: [hs]}
        unsigned: allowed

        """

    /// Reads the file that `THORBIS_TRUST` names, or the data folder's; without one nobody is trusted.
    static func load(_ settings: Settings) throws -> TrustList {
        let file = settings.trustFile ?? settings.dataFolder.appending(path: name)
        guard let bytes = try? Data(contentsOf: file) else {
            guard settings.trustFile == nil else {
                throw CommandFailure.environment("THORBIS_TRUST names \(file.path()), which can't be read.")
            }
            return .nobody
        }
        do {
            return try TrustParser.parse(yaml: String(decoding: bytes, as: UTF8.self), file: file.path())
        } catch {
            throw CommandFailure.findings("the list of trusted keys has errors:\n\(error)")
        }
    }

    /// Writes the file of a development installation, unless there is one.
    static func prepareForDevelopment(in data: DataFolder) throws {
        guard try data.read(name) == nil else { return }
        try data.write(Array(development.utf8), to: name)
    }
}
