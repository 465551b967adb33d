import HostManifest
import HostModel

/// The first file of a bundle, `manifest.json`: what it is of, and what it needs.
struct BundleFacts {
    static let format = "thorbis-bundle/1"
    static let fileName = "manifest.json"
    /// The last file: counts and digests of everything before it. Without it a bundle isn't whole.
    static let checksumsName = "checksums.json"

    let business: BusinessID
    /// The row of `businesses.business`.
    let row: JSONObject
    let plugins: [Plugin]

    struct Plugin: Hashable {
        let id: String
        let version: String
        let digest: String
    }

    init(_ business: BusinessID, row: JSONObject, manifests: ManifestSet) {
        self.business = business
        self.row = row
        plugins = manifests.manifests.map {
            Plugin(id: $0.id.description, version: $0.version.description, digest: $0.digest)
        }
    }

    var json: JSONValue {
        [
            "format": .string(Self.format), "business": .object(row),
            "plugins": .array(
                plugins.map {
                    ["id": .string($0.id), "version": .string($0.version), "digest": .string($0.digest)]
                }),
        ]
    }

    /// - Throws: `bundle_damaged` for what isn't the first file of a bundle of this format.
    init(parsing file: BundleArchive.File?) throws(Problem) {
        guard let file, file.name == Self.fileName, let json = try? JSONParser.parse(file.content),
            json["format"]?.string == Self.format, let row = json["business"]?.object,
            let business = row["id"]?.string.flatMap({ BusinessID($0) })
        else { throw .damaged("in \(Self.fileName), or is no bundle of this format (\(Self.format))") }
        self.business = business
        self.row = row
        plugins = (json["plugins"]?.array ?? []).map {
            Plugin(
                id: $0["id"]?.string ?? "", version: $0["version"]?.string ?? "", digest: $0["digest"]?.string ?? "")
        }
    }

    /// - Throws: `bundle_refused` that names the first plugin that isn't here as it was there.
    func check(_ manifests: ManifestSet) throws(Problem) {
        let here = BundleFacts(business, row: row, manifests: manifests).plugins
        for plugin in plugins where !here.contains(plugin) {
            let found = here.first { $0.id == plugin.id }.map { "version \($0.version) with another manifest" }
            throw .refusedBundle(
                "The bundle needs the plugin \(plugin.id) \(plugin.version); here is \(found ?? "none"). "
                    + "Load the same manifest first.")
        }
    }
}
