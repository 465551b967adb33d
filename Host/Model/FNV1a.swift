/// FNV-1a with 64 bits (draft-eastlake-fnv): the same number for a text in every process and release, which Swift's own
/// hashes aren't. For names and places, never where somebody could look for two texts of one number.
package enum FNV1a {
    /// Of the text's UTF-8.
    package static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
