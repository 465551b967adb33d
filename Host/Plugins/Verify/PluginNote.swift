import HostManifest

/// What a plugin's library says it was built for, readable before any of its code runs; ``NoteLayout`` has the form.
struct PluginNote: Hashable, Sendable {
    let magic: UInt64
    let version: UInt32
    let apiMajor: UInt16
    let apiMinor: UInt16
    let pluginHash: UInt64
    let epochHash: UInt64
    /// Lower-case hexadecimal.
    let manifestDigest: String

    /// Reads the note of a library; nil when it has none.
    init?(_ file: ELFFile) throws(ELFError) {
        guard let section = file.section(NoteLayout.section) else { return nil }
        guard section.size >= NoteLayout.size else { throw .damaged("its note has \(section.size) bytes") }
        let bytes = ByteReader(bytes: Array(try file.bytes(of: section)))
        magic = try bytes.integer(at: UInt64(NoteLayout.Offset.magic))
        version = try bytes.integer(at: UInt64(NoteLayout.Offset.noteVersion))
        apiMajor = try bytes.integer(at: UInt64(NoteLayout.Offset.pluginAPIMajor))
        apiMinor = try bytes.integer(at: UInt64(NoteLayout.Offset.pluginAPIMinor))
        pluginHash = try bytes.integer(at: UInt64(NoteLayout.Offset.pluginID))
        epochHash = try bytes.integer(at: UInt64(NoteLayout.Offset.epoch))
        var digest = ""
        for word in 0..<UInt64(4) {
            digest += hexadecimal(try bytes.integer(at: UInt64(NoteLayout.Offset.digest) + word * 8))
        }
        manifestDigest = digest
    }
}

/// Sixteen lower-case digits.
func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
