/// What a library asks of the dynamic loader.
///
/// Read from the segment that the loader itself follows, not from the section headers, which it ignores.
struct ELFDynamic: Hashable, Sendable {
    /// Names of the libraries it needs, in order.
    let needed: [String]
    /// Folders it wants searched: DT_RUNPATH or the older DT_RPATH, nil when it has none.
    let runPath: String?
    let soname: String?
    /// Whether it asks never to be unmapped.
    let isNoDelete: Bool
    /// Whether its code must be patched while it is loaded.
    let hasTextRelocations: Bool

    init(_ file: ELFFile) throws(ELFError) {
        let entries = try Self.entries(file)
        func values(_ tag: UInt64) -> [UInt64] { entries.filter { $0.tag == tag }.map(\.value) }
        guard let table = values(Tag.stringTable).first, let size = values(Tag.stringTableSize).first else {
            throw .damaged("its dynamic section has no table of names")
        }
        let start = try file.offset(ofAddress: table)
        let end = try ELFFile.sum(start, size)
        func name(_ value: UInt64) throws(ELFError) -> String {
            try file.reader.text(at: ELFFile.sum(start, value), end: end)
        }
        var needed: [String] = []
        for value in values(Tag.needed) { needed.append(try name(value)) }
        self.needed = needed
        runPath = try (values(Tag.runPath) + values(Tag.rPath)).first.map(name)
        soname = try values(Tag.soname).first.map(name)
        isNoDelete = values(Tag.flags1).contains { $0 & 0x8 != 0 }
        hasTextRelocations = !values(Tag.textRelocations).isEmpty || values(Tag.flags).contains { $0 & 0x4 != 0 }
    }

    private enum Tag {
        static let needed: UInt64 = 1
        static let stringTable: UInt64 = 5
        static let stringTableSize: UInt64 = 10
        static let soname: UInt64 = 14
        static let rPath: UInt64 = 15
        static let textRelocations: UInt64 = 22
        static let runPath: UInt64 = 29
        static let flags: UInt64 = 30
        static let flags1: UInt64 = 0x6FFF_FFFB
    }

    private static func entries(_ file: ELFFile) throws(ELFError) -> [(tag: UInt64, value: UInt64)] {
        guard let segment = file.segments.first(where: { $0.kind == ELFFile.SegmentKind.dynamic }) else {
            throw .foreign("an ELF file without a dynamic segment")
        }
        var entries: [(tag: UInt64, value: UInt64)] = []
        _ = try file.reader.slice(at: segment.offset, count: segment.size)
        for index in 0..<(segment.size / 16) {
            let base = segment.offset + index * 16
            let tag: UInt64 = try file.reader.integer(at: base)
            if tag == 0 { break }
            entries.append((tag, try file.reader.integer(at: base + 8)))
        }
        return entries
    }
}
