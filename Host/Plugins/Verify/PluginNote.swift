/// What a plugin's library says it was built for, readable before any of its code runs.
///
/// 64 bytes in the ELF section `thorbis_plugin_note`, integers little-endian: magic (8), note version (4), PluginAPI
/// major (2) and minor (2), FNV-1a of the plugin's id (8), FNV-1a of the epoch (8), SHA-256 of the manifest as four
/// words, each the value of eight bytes read big-endian (32).
struct PluginNote: Hashable, Sendable {
    static let section = "thorbis_plugin_note"
    static let byteCount: UInt64 = 64
    /// Which form of note this host reads.
    static let currentVersion: UInt32 = 1

    /// `THORPLUG`.
    static let magic: UInt64 = 0x5448_4F52_504C_5547

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
        guard let section = file.section(Self.section) else { return nil }
        guard section.size >= Self.byteCount else { throw .damaged("its note has \(section.size) bytes") }
        let base = section.offset
        _ = try file.reader.slice(at: base, count: Self.byteCount)
        magic = try file.reader.integer(at: base)
        version = try file.reader.integer(at: base + 8)
        apiMajor = try file.reader.integer(at: base + 12)
        apiMinor = try file.reader.integer(at: base + 14)
        pluginHash = try file.reader.integer(at: base + 16)
        epochHash = try file.reader.integer(at: base + 24)
        var digest = ""
        for word in 0..<UInt64(4) {
            digest += hexadecimal(try file.reader.integer(at: base + 32 + word * 8, as: UInt64.self))
        }
        manifestDigest = digest
    }

    /// FNV-1a with 64 bits (Fowler, Noll, Vo): tells names apart, and proves nothing.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

/// Sixteen lower-case digits.
func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
