import Crypto
package import HostManifest
import HostModel

/// A package whose files are those of its index, and whose index somebody trusted signed.
package struct PluginPackage: Sendable {
    package let index: PackageIndex
    /// The name of the key; nil for one that nobody signed.
    package let signer: String?
    /// SHA-256 of the index, which stands for the whole package.
    package let digest: String
    /// All of its files, by name.
    package let files: [String: [UInt8]]

    /// The bytes of its manifest.
    package var manifest: [UInt8] { files[PackageIndex.manifest] ?? [] }
    /// The bytes of its library; nil for a plugin that is its manifest alone.
    package var library: [UInt8]? { index.library.flatMap { files[$0] } }
    /// For people: who answers for it.
    package var vouching: String { signer.map { "signed by \($0)" } ?? "signed by nobody" }

    /// Checks files that were read from a folder, none of which is believed before that.
    ///
    /// - Parameters:
    ///   - files: By name, every file of the folder.
    ///   - folder: For the refusal.
    ///   - trust: Whom the operator trusts.
    package init(_ files: [String: [UInt8]], folder: String, trust: TrustList) throws(PluginRefusal) {
        guard let bytes = files[PackageIndex.name] else {
            throw PluginRefusal(.noIndex, plugin: folder, "There is no \(PackageIndex.name) in it.")
        }
        let index = try PackageIndex(parsing: bytes, of: folder)
        signer = try Self.signer(of: bytes, index, files[PackageSignature.name], folder, trust)
        try Self.check(files, against: index, folder)
        self.index = index
        self.files = files
        digest = Self.digest(of: bytes)
    }

    /// The signature comes first: what an unsigned index says is worth nothing.
    private static func signer(
        of bytes: [UInt8], _ index: PackageIndex, _ signature: [UInt8]?, _ folder: String, _ trust: TrustList
    ) throws(PluginRefusal) -> String? {
        guard let signature else {
            if trust.allowsUnsigned { return nil }
            throw PluginRefusal(.unsigned, plugin: folder, "It has no \(PackageSignature.name).")
        }
        let parsed = try PackageSignature(parsing: signature, of: folder)
        guard let key = trust[parsed.key] else {
            throw PluginRefusal(.untrustedKey, plugin: folder, "It is signed with the key `\(parsed.key)`.")
        }
        if let plugins = key.plugins, !plugins.contains(index.plugin) {
            throw PluginRefusal(
                .untrustedKey, plugin: folder, "The key `\(parsed.key)` isn't trusted for \(index.plugin).")
        }
        guard parsed.isValid(for: bytes, by: key.publicKey) else {
            throw PluginRefusal(
                .badSignature, plugin: folder, "The key `\(parsed.key)` didn't sign this \(PackageIndex.name).")
        }
        return parsed.key
    }

    private static func check(
        _ files: [String: [UInt8]], against index: PackageIndex, _ folder: String
    ) throws(PluginRefusal) {
        let own: Set = [PackageIndex.name, PackageSignature.name]
        if let name = Set(files.keys).subtracting(own).subtracting(index.files.keys).min() {
            throw PluginRefusal(.unlistedFile, plugin: folder, "The file \(name) is not in its index.")
        }
        for (name, expected) in index.files.sorted(by: { $0.key < $1.key }) {
            guard let bytes = files[name] else {
                throw PluginRefusal(.changedFile, plugin: folder, "The file \(name) is missing.")
            }
            let found = digest(of: bytes)
            guard found == expected else {
                throw PluginRefusal(
                    .changedFile, plugin: folder,
                    "The file \(name) has the digest \(found), its index says \(expected)."
                )
            }
        }
    }

    /// Holds the index to the manifest that it came with.
    package func check(against manifest: Manifest) throws(PluginRefusal) {
        guard index.plugin == manifest.id, index.version == manifest.version else {
            throw PluginRefusal(
                .otherContent, plugin: manifest.id.description,
                "The index is of \(index.plugin) \(index.version), its manifest of \(manifest.id) \(manifest.version).")
        }
    }

    /// Holds a package to the one of the same plugin and version that is installed.
    package func check(republished there: PluginPackage) throws(PluginRefusal) {
        guard digest == there.digest else {
            throw PluginRefusal(
                .republished, plugin: index.plugin.description,
                "\(index.version) is installed with the digest \(there.digest.prefix(12)); "
                    + "this one has \(digest.prefix(12)).")
        }
    }

    /// SHA-256 in lower-case hexadecimal.
    package static func digest(of bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
