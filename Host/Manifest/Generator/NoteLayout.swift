/// The layout of the note that a plugin carries in a section of its file, readable without loading it.
///
/// Little-endian, as the machine has it, without padding:
///
/// | offset | size | what |
/// |---|---|---|
/// | 0 | 8 | magic, the bytes `THORBISP` |
/// | 8 | 4 | version of this layout |
/// | 12 | 2 | PluginAPI major |
/// | 14 | 2 | PluginAPI minor |
/// | 16 | 8 | plugin id, FNV-1a 64 of its UTF-8 |
/// | 24 | 8 | epoch, FNV-1a 64 of ``epoch`` |
/// | 32 | 32 | manifest digest: SHA-256 in four words, each read big-endian from the digest's bytes |
package enum NoteLayout {
    package static let section = "thorbis_plugin_note"
    /// `THORBISP` in memory.
    package static let magic: UInt64 = 0x5053_4942_524F_4854
    package static let noteVersion: UInt32 = 1
    package static let pluginAPIMajor: UInt16 = 1
    package static let pluginAPIMinor: UInt16 = 3
    /// In bytes.
    package static let size = 64

    package enum Offset {
        package static let magic = 0
        package static let noteVersion = 8
        package static let pluginAPIMajor = 12
        package static let pluginAPIMinor = 14
        package static let pluginID = 16
        package static let epoch = 24
        package static let digest = 32
    }

    package static let compiler = "6.3.1"
    /// What a host and its plugins must share: Swift has no stable ABI on Linux, so the exact compiler is part of it.
    package static let epoch = "swift-\(compiler)/linux-x86_64-gnu/papi\(pluginAPIMajor)"

    /// The four words of a SHA-256 in hexadecimal; nil for anything but 64 hexadecimal digits.
    package static func words(ofDigest digest: String) -> [UInt64]? {
        guard digest.utf8.count == 64, digest.allSatisfy(\.isHexDigit) else { return nil }
        let digits = Array(digest)
        return stride(from: 0, to: 64, by: 16).compactMap { UInt64(String(digits[$0..<$0 + 16]), radix: 16) }
    }
}
