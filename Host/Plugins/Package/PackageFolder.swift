/// Reads a package's folder once; everything after works on these bytes.
package enum PackageFolder {
    /// With the index and the signature.
    private static let filesMax = PackageIndex.filesMax + 2

    /// The bytes of every file.
    ///
    /// - Parameters:
    ///   - names: Of the files in the folder, from whoever lists it.
    ///   - folder: Its path.
    /// - Throws: ``PluginRefusal`` for one that is no plain file, too large, or too many.
    package static func read(_ names: [String], in folder: String) throws(PluginRefusal) -> [String: [UInt8]] {
        guard names.count <= filesMax else {
            throw PluginRefusal(.unlistedFile, plugin: folder, "It has \(names.count) files; \(filesMax) are allowed.")
        }
        var files: [String: [UInt8]] = [:]
        for name in names { files[name] = try LibraryFile.read("\(folder)/\(name)", of: folder) }
        return files
    }
}
