// What typed getters of generated code answer for a value that the host never leaves out.

extension RecordID {
    /// The id with all bits 0 (RFC 9562's nil UUID); no record has it. Since 1.0.
    public static let zero = RecordID(high: 0, low: 0)
}

extension Timestamp {
    /// 1970-01-01T00:00:00Z. Since 1.0.
    public static let epoch = Timestamp(microseconds: 0)
}
