/// Cuts a stream of bytes into lines, so that lines of two processes never mix.
struct LogLines {
    /// Of one line; what is beyond is dropped and told by a mark.
    static let bytesMax = 65_536
    private static let newline = UInt8(ascii: "\n")
    private static let mark = Array(" … (cut)".utf8)

    private var line: [UInt8] = []
    private var isCut = false

    /// - Returns: The lines that are complete now, without their ends.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in bytes {
            if byte == Self.newline {
                lines.append(end())
            } else if line.count < Self.bytesMax {
                line.append(byte)
            } else {
                isCut = true
            }
        }
        return lines
    }

    /// The line that was begun when the stream ended; nil when there is none.
    mutating func last() -> [UInt8]? { line.isEmpty ? nil : end() }

    private mutating func end() -> [UInt8] {
        defer {
            line.removeAll(keepingCapacity: line.count < 4_096)
            isCut = false
        }
        return isCut ? line + Self.mark : line
    }
}
