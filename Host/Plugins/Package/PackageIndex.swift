package import HostManifest
package import HostModel

/// What a plugin's package consists of: its file `index.json`, which is what gets signed.
///
/// ```json
/// {"files":{"libX.so":"9f…","manifest.yaml":"3a…"},"format":1,"plugin":"hs","version":"1.0.0"}
/// ```
package struct PackageIndex: Hashable, Sendable {
    package static let name = "index.json"
    package static let manifest = "manifest.yaml"
    static let format: Int64 = 1
    static let bytesMax = 65_536
    /// A package has a manifest and at most one library; the rest is text for people.
    static let filesMax = 16
    private static let nameBytesMax = 100

    package let plugin: PluginID
    package let version: SemanticVersion
    /// SHA-256 in lower-case hexadecimal, by the name of the file.
    package let files: [String: String]

    package init(plugin: PluginID, version: SemanticVersion, files: [String: String]) {
        self.plugin = plugin
        self.version = version
        self.files = files
    }

    /// The name of the library; nil for a plugin that is its manifest alone.
    package var library: String? { files.keys.filter { $0.hasSuffix(".so") }.min() }

    /// The text that is written and signed: the same index always gives the same bytes.
    package var bytes: [UInt8] {
        var digests = JSONObject()
        for name in files.keys.sorted() { digests[name] = files[name].map { .string($0) } }
        return JSONValue.object([
            "files": .object(digests), "format": .int(Self.format), "plugin": .string(plugin.description),
            "version": .string(version.description),
        ]).utf8
    }

    /// Reads what ``bytes`` wrote.
    ///
    /// - Parameter package: The folder, for the refusal.
    package init(parsing bytes: [UInt8], of package: String) throws(PluginRefusal) {
        guard bytes.count <= Self.bytesMax, let json = try? JSONParser.parse(bytes), let members = json.object,
            Set(members.names) == ["files", "format", "plugin", "version"]
        else { throw PluginRefusal(.noIndex, plugin: package, "Its index isn't an object of four members.") }
        guard json["format"]?.int == Self.format else {
            throw PluginRefusal(.noIndex, plugin: package, "Its index is of a format that this host doesn't know.")
        }
        guard let plugin = json["plugin"]?.string.flatMap({ PluginID($0) }),
            let version = json["version"]?.string.flatMap({ SemanticVersion($0) }),
            let digests = json["files"]?.object, (1...Self.filesMax).contains(digests.names.count)
        else {
            throw PluginRefusal(
                .noIndex, plugin: package, "Its index needs an id, a version and 1 to \(Self.filesMax) files.")
        }
        var files: [String: String] = [:]
        for name in digests.names {
            guard Self.isFileName(name), let digest = digests[name]?.string, Self.isDigest(digest) else {
                throw PluginRefusal(.noIndex, plugin: package, "Its index has a file without a plain name or a digest.")
            }
            files[name] = digest
        }
        guard files[Self.manifest] != nil, files.keys.count(where: { $0.hasSuffix(".so") }) <= 1 else {
            throw PluginRefusal(
                .noIndex, plugin: package, "Its index must list \(Self.manifest) and at most one library.")
        }
        self.init(plugin: plugin, version: version, files: files)
    }

    /// A name that stays in the folder, and isn't one of the index's own.
    package static func isFileName(_ name: String) -> Bool {
        let bytes = name.utf8
        guard (1...nameBytesMax).contains(bytes.count), name != Self.name, name != PackageSignature.name else {
            return false
        }
        return bytes.first != UInt8(ascii: ".")
            && bytes.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "._-".utf8.contains(byte)
            }
    }

    private static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
