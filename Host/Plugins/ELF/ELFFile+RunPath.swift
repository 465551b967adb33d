extension ELFFile {
    /// The same library without the folders that it wants searched: SwiftPM writes those of the build machine.
    ///
    /// The entries of the dynamic section behind DT_RUNPATH and DT_RPATH move up; nothing else of the file changes.
    func withoutRunPath() throws(ELFError) -> [UInt8] {
        guard let segment = segments.first(where: { $0.kind == SegmentKind.dynamic }) else {
            throw .foreign("an ELF file without a dynamic segment")
        }
        let region = try reader.slice(at: segment.offset, count: segment.size)
        var kept: [UInt8] = []
        var start = region.startIndex
        while start + 16 <= region.endIndex {
            let entry = region[start..<(start + 16)]
            let tag = entry.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            if tag != 15, tag != 29 { kept += entry }
            start += 16
        }
        var bytes = reader.bytes
        for (offset, place) in region.indices.enumerated() {
            bytes[place] = offset < kept.count ? kept[offset] : 0
        }
        return bytes
    }
}
