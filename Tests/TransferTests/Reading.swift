import HostModel
import HostTransfer

/// What a reader made of a whole text.
struct Reading {
    var rows: [[String]] = []
    var flaws: [String] = []
    var lines: [Int] = []

    /// Reads in pieces of a size.
    static func csv(
        _ bytes: [UInt8], pieces: Int = .max, delimiter: UInt8? = nil, bounds: ReaderBounds = ReaderBounds()
    ) throws -> Reading {
        var reader = CSVReader(CSVReader.State(delimiter: delimiter), bounds: bounds)
        var reading = Reading()
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, pieces == .max ? bytes.count : start + pieces)
            reader.feed(Array(bytes[start..<end]))
            try reading.take(&reader)
            start = end
        }
        reader.finish()
        try reading.take(&reader)
        return reading
    }

    static func csv(_ text: String, pieces: Int = .max) throws -> Reading {
        try csv(Array(text.utf8), pieces: pieces)
    }

    private mutating func take(_ reader: inout CSVReader) throws {
        while let event = try reader.next() {
            lines.append(event.line)
            switch event.content {
            case .success(let row): rows.append(row.texts)
            case .failure(let flaw): flaws.append(flaw.code)
            }
        }
    }
}

/// A generator that gives the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
