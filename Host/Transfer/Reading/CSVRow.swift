/// One row of a CSV file: its values without quotes, one after the other in one buffer.
package struct CSVRow: Hashable, Sendable {
    /// All values.
    package let bytes: [UInt8]
    /// Where each value ends in ``bytes``; as many as there are values.
    package let ends: [Int]

    package init(bytes: [UInt8], ends: [Int]) {
        self.bytes = bytes
        self.ends = ends
    }

    package var count: Int { ends.count }

    /// Nil when it isn't UTF-8.
    package func text(_ index: Int) -> String? {
        String(validating: bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]], as: UTF8.self)
    }

    package func isEmpty(_ index: Int) -> Bool { ends[index] == (index == 0 ? 0 : ends[index - 1]) }

    /// All values as texts.
    package var texts: [String] { (0..<count).map { text($0) ?? "" } }
}
