package import Foundation

/// The canonical text of a UUID without Foundation's formatter: one is written for every answer, two for every row of
/// an import.
package enum UUIDText {
    /// `8-4-4-4-12` lower-case hexadecimal digits, 36 bytes of ASCII.
    package static func bytes(_ uuid: UUID) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 36) { text, count in
            // Sound: each position below 36 is written once, and the tuple is copied before its bytes are read.
            unsafe withUnsafeBytes(of: uuid.uuid) { bytes in
                var position = 0
                for index in 0..<16 {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        unsafe text[position] = UInt8(ascii: "-")
                        position += 1
                    }
                    unsafe text[position] = digit(bytes[index] >> 4)
                    unsafe text[position + 1] = digit(bytes[index] & 15)
                    position += 2
                }
            }
            count = 36
        }
    }

    /// The same as a text.
    package static func text(_ uuid: UUID) -> String { String(decoding: bytes(uuid), as: UTF8.self) }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
