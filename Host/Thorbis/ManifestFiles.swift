import Crypto
import Foundation
import HostManifest
import HostModel

/// The manifests of an installation, read from their folder.
enum ManifestFiles {
    /// Reads and checks every `*.yaml` of the folder, and what they say of each other.
    ///
    /// - Throws: ``CommandFailure`` with all diagnostics, exit code 1; exit code 3 when the folder has none.
    static func load(from folder: URL) throws -> ManifestSet {
        let manifests = try parsed(in: folder)
        guard !manifests.isEmpty else { throw none(in: folder) }
        return try resolved(manifests)
    }

    /// Reads every `*.yaml` of the folder; none for a folder that isn't there.
    ///
    /// - Throws: ``CommandFailure`` with the diagnostics of all files.
    static func parsed(in folder: URL) throws -> [Manifest] {
        var manifests: [Manifest] = []
        var diagnostics: [Diagnostic] = []
        for file in try list(folder) {
            do {
                manifests.append(try parse(file))
            } catch let invalid as InvalidManifest {
                diagnostics += invalid.diagnostics
            }
        }
        guard diagnostics.isEmpty else { throw failure(diagnostics) }
        return manifests
    }

    /// Checks what manifests say of each other.
    static func resolved(_ manifests: [Manifest]) throws -> ManifestSet {
        do {
            return try ManifestSet.resolve(manifests)
        } catch {
            throw failure(error.diagnostics)
        }
    }

    static func none(in folder: URL) -> CommandFailure {
        .environment(
            "no manifest (*.yaml) in \(folder.path()). Start in the project's folder or set THORBIS_MANIFESTS.")
    }

    /// Reads one manifest; its digest is the SHA-256 of the file's bytes.
    ///
    /// - Throws: `InvalidManifest`, or ``CommandFailure`` for a file that can't be read.
    static func parse(_ file: URL) throws -> Manifest {
        guard let bytes = try? Data(contentsOf: file) else {
            throw CommandFailure.usage("there is no readable file \(file.path()).")
        }
        let digest = SHA256.hash(data: bytes).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        return try ManifestParser.parse(
            yaml: String(decoding: bytes, as: UTF8.self), file: file.relativePath, digest: digest)
    }

    static func list(_ folder: URL) throws -> [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted().map { folder.appending(path: $0) }
    }

    static func failure(_ diagnostics: [Diagnostic]) -> CommandFailure {
        let lines = diagnostics.map(\.description) + ["`thorbis plugin explain RULE` says more about a rule."]
        return .findings("the manifests have errors:\n" + lines.joined(separator: "\n"))
    }
}
