/// The names that a library offers to others, takes from others, and keeps to itself.
struct ELFSymbols: Hashable, Sendable {
    /// Global and weak definitions that other libraries can bind to.
    let exports: [String]
    /// Names that other libraries must define.
    let imports: Set<String>
    /// Definitions in the full symbol table, local ones too; empty in a stripped file.
    let definitions: Set<String>

    init(_ file: ELFFile) throws(ELFError) {
        let dynamic = try Self.symbols(file, kind: ELFFile.SectionKind.dynamicSymbols)
        exports = dynamic.filter { $0.isDefined && !$0.isLocal }.map(\.name).sorted()
        imports = Set(dynamic.lazy.filter { !$0.isDefined }.map(\.name))
        definitions = Set(
            try Self.symbols(file, kind: ELFFile.SectionKind.symbols).lazy.filter(\.isDefined).map(\.name))
    }

    private struct Symbol {
        let name: String
        let isDefined: Bool
        let isLocal: Bool
    }

    private static func symbols(_ file: ELFFile, kind: UInt32) throws(ELFError) -> [Symbol] {
        guard let table = file.sections.first(where: { $0.kind == kind }) else { return [] }
        guard Int(table.link) < file.sections.count else { throw .damaged("a symbol table has no names") }
        let names = file.sections[Int(table.link)]
        let count = table.size / 24
        guard count <= countMax else { throw .damaged("it has more than \(countMax) symbols") }
        var symbols: [Symbol] = []
        symbols.reserveCapacity(Int(count))
        // The first entry of every table is empty.
        for index in stride(from: 1, to: count, by: 1) {
            let base = try ELFFile.sum(table.offset, index * 24)
            let nameOffset: UInt32 = try file.reader.integer(at: base)
            let kinds: UInt8 = try file.reader.integer(at: base + 4)
            let section: UInt16 = try file.reader.integer(at: base + 6)
            if nameOffset == 0 { continue }
            let name = try file.reader.text(at: ELFFile.sum(names.offset, UInt64(nameOffset)), end: names.end)
            symbols.append(Symbol(name: name, isDefined: section != 0, isLocal: kinds >> 4 == 0))
        }
        return symbols
    }

    private static let countMax: UInt64 = 1_000_000
}
