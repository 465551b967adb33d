/// What a host's signal handler wrote: `thorbis_crash_record` of CLinux, 576 bytes in the machine's byte order.
package struct CrashRecord: Hashable, Sendable {
    package enum Kind: UInt32, Sendable {
        case signal = 1
        /// The process was ended by code of a plugin that called `exit`.
        case exit = 2
        /// A thread of a plugin didn't come back.
        case stuck = 3
    }

    /// A place in a file; without a module the offset is an address.
    package struct Frame: Hashable, Sendable {
        package let module: Int?
        package let offset: UInt64
    }

    package static let byteCount = 576
    private static let magic: UInt64 = 0x3152_4353_4252_4854
    private static let framesOffset = 64
    private static let frameBytes = 16
    private static let framesMax = 32

    package let kind: Kind
    package let signal: Int32
    package let code: Int32
    package let seconds: Int64
    package let fault: UInt64
    /// The mark of the thread: a plugin's generation and the place of its operation; nil for none.
    package let generation: Int?
    package let operation: Int?
    /// A plugin's module that words of the stack point into.
    package let suspect: Int?
    /// Where the thread was, then who called.
    package let frames: [Frame]

    /// Nil for zeroes, for a part of a record, and for anything else.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.byteCount, Self.wide(bytes, 0) == Self.magic,
            let kind = Kind(rawValue: Self.word(bytes, 8))
        else { return nil }
        self.kind = kind
        signal = Int32(bitPattern: Self.word(bytes, 12))
        code = Int32(bitPattern: Self.word(bytes, 16))
        seconds = Int64(bitPattern: Self.wide(bytes, 24))
        fault = Self.wide(bytes, 32)
        let marked = Self.word(bytes, 40)
        generation = marked == 0 ? nil : Int(marked)
        operation = marked == 0 ? nil : Self.number(Self.word(bytes, 44))
        suspect = Self.word(bytes, 52) == 0 ? nil : Self.number(Self.word(bytes, 48))
        let count = min(Int(Self.word(bytes, 56)), Self.framesMax)
        frames = (0..<count).map { place in
            let start = Self.framesOffset + place * Self.frameBytes
            return Frame(module: Self.number(Self.word(bytes, start)), offset: Self.wide(bytes, start + 8))
        }
    }

    private static func number(_ word: UInt32) -> Int? { word == .max ? nil : Int(word) }

    private static func word(_ bytes: [UInt8], _ start: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
    }

    private static func wide(_ bytes: [UInt8], _ start: Int) -> UInt64 {
        UInt64(word(bytes, start)) | UInt64(word(bytes, start + 4)) << 32
    }
}
