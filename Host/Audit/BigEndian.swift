/// Integers as the log's formats have them: most significant byte first.
enum BigEndian {
    static func bytes<Integer: FixedWidthInteger & UnsignedInteger>(_ value: Integer) -> [UInt8] {
        (0..<Integer.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: value >> (Integer($0) * 8)) }
    }
}
