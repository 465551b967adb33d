/// A 64-bit little-endian ELF shared object, read without being mapped (System V gABI, chapters 4 and 5).
///
/// Pure over bytes that nobody vouches for: it refuses what it can't follow, and never traps.
struct ELFFile: Sendable {
    /// A named part of the file.
    struct Section: Hashable, Sendable {
        let name: String
        let kind: UInt32
        let address: UInt64
        let offset: UInt64
        let size: UInt64
        /// The index of a related section: the names' table of a symbol table.
        let link: UInt32

        var end: UInt64 { offset &+ size }
    }

    /// A part of the file that the dynamic loader maps or reads.
    struct Segment: Hashable, Sendable {
        let kind: UInt32
        /// 1 executable, 2 writable, 4 readable.
        let flags: UInt32
        let offset: UInt64
        let address: UInt64
        let size: UInt64
    }

    let reader: ByteReader
    let sections: [Section]
    let segments: [Segment]

    /// Reads a shared object.
    init(_ bytes: [UInt8]) throws(ELFError) {
        try self.init(bytes, kinds: [FileKind.sharedObject])
    }

    /// Reads an executable, position-independent or not.
    init(executable bytes: [UInt8]) throws(ELFError) {
        try self.init(bytes, kinds: [FileKind.sharedObject, FileKind.executable])
    }

    private init(_ bytes: [UInt8], kinds: [UInt16]) throws(ELFError) {
        reader = ByteReader(bytes: bytes)
        try Self.checkHeader(reader, kinds: kinds)
        segments = try Self.readSegments(reader)
        sections = try Self.readSections(reader)
    }

    func section(_ name: String) -> Section? { sections.first { $0.name == name } }

    func bytes(of section: Section) throws(ELFError) -> ArraySlice<UInt8> {
        try reader.slice(at: section.offset, count: section.size)
    }

    /// Where the byte that will be mapped at an address stands in the file.
    func offset(ofAddress address: UInt64) throws(ELFError) -> UInt64 {
        for segment in segments where segment.kind == SegmentKind.load && address >= segment.address {
            let distance = address - segment.address
            if distance < segment.size { return try Self.sum(segment.offset, distance) }
        }
        throw .damaged("an address lies in no segment")
    }

    /// Adds offsets of the file, which may be any 64 bits.
    static func sum(_ left: UInt64, _ right: UInt64) throws(ELFError) -> UInt64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        if overflow { throw .damaged("an offset is larger than any file") }
        return sum
    }
}

extension ELFFile {
    private enum FileKind {
        static let executable: UInt16 = 2
        static let sharedObject: UInt16 = 3
    }

    enum SegmentKind {
        static let load: UInt32 = 1
        static let dynamic: UInt32 = 2
        /// Says how the stack is to be mapped: PT_GNU_STACK.
        static let stack: UInt32 = 0x6474_E551
    }

    enum SectionKind {
        static let symbols: UInt32 = 2
        /// Takes no room in the file.
        static let zeroes: UInt32 = 8
        static let dynamicSymbols: UInt32 = 11
    }

    /// The value of `e_machine` for the processor that this host was compiled for.
    static var machine: UInt16 {
        #if arch(x86_64)
            62
        #elseif arch(arm64)
            183
        #else
            0
        #endif
    }

    private static func checkHeader(_ reader: ByteReader, kinds: [UInt16]) throws(ELFError) {
        guard reader.bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { throw .foreign("no ELF file") }
        let format: UInt16 = try reader.integer(at: 4)
        guard format == 0x0102 else { throw .foreign("not a 64-bit little-endian ELF file") }
        let kind: UInt16 = try reader.integer(at: 16)
        guard kinds.contains(kind) else { throw .foreign("an ELF file of type \(kind), not a shared object") }
        let machine: UInt16 = try reader.integer(at: 18)
        guard machine == Self.machine else { throw .foreign("made for the ELF machine \(machine)") }
    }

    private static func readSegments(_ reader: ByteReader) throws(ELFError) -> [Segment] {
        let table: UInt64 = try reader.integer(at: 32)
        let stride: UInt16 = try reader.integer(at: 54)
        let count: UInt16 = try reader.integer(at: 56)
        guard stride == 56 || count == 0 else { throw .damaged("its segment headers have another size") }
        var segments: [Segment] = []
        for index in 0..<UInt64(count) {
            let base = try sum(table, index * 56)
            let kind: UInt32 = try reader.integer(at: base)
            let flags: UInt32 = try reader.integer(at: sum(base, 4))
            let offset: UInt64 = try reader.integer(at: sum(base, 8))
            let address: UInt64 = try reader.integer(at: sum(base, 16))
            let size: UInt64 = try reader.integer(at: sum(base, 32))
            segments.append(Segment(kind: kind, flags: flags, offset: offset, address: address, size: size))
        }
        return segments
    }

    private static func readSections(_ reader: ByteReader) throws(ELFError) -> [Section] {
        let table: UInt64 = try reader.integer(at: 40)
        let stride: UInt16 = try reader.integer(at: 58)
        let count: UInt16 = try reader.integer(at: 60)
        let namesIndex: UInt16 = try reader.integer(at: 62)
        guard count > 0 else { return [] }
        guard stride == 64, namesIndex < count else { throw .damaged("its section headers are not readable") }
        let names = try readSection(reader, at: sum(table, UInt64(namesIndex) * 64), names: nil)
        var sections: [Section] = []
        for index in 0..<UInt64(count) {
            sections.append(try readSection(reader, at: sum(table, index * 64), names: names))
        }
        return sections
    }

    private static func readSection(
        _ reader: ByteReader, at base: UInt64, names: Section?
    ) throws(ELFError) -> Section {
        let nameOffset: UInt32 = try reader.integer(at: base)
        let kind: UInt32 = try reader.integer(at: sum(base, 4))
        let address: UInt64 = try reader.integer(at: sum(base, 16))
        let offset: UInt64 = try reader.integer(at: sum(base, 24))
        let size: UInt64 = try reader.integer(at: sum(base, 32))
        let link: UInt32 = try reader.integer(at: sum(base, 40))
        if kind != SectionKind.zeroes { _ = try reader.slice(at: offset, count: size) }
        var name = ""
        if let names { name = try reader.text(at: sum(names.offset, UInt64(nameOffset)), end: names.end) }
        return Section(name: name, kind: kind, address: address, offset: offset, size: size, link: link)
    }
}
