import HostModel

/// Writes the note, as ``NoteLayout`` lays it out.
struct NoteEmitter {
    let manifest: Manifest

    func emit(into source: inout SwiftSource) {
        source.line("// The epoch below says which compiler made the library, so another one must not.")
        source.line("#if compiler(<\(NoteLayout.compiler)) || compiler(>=\(nextCompiler))")
        source.line(
            "    #error(\"Generated for Swift \(NoteLayout.compiler); generate again with this compiler's SDK.\")")
        source.line("#endif")
        source.line()
        source.line("/// What the host reads in the file before it loads any code of it.")
        source.line("@used @section(\"\(NoteLayout.section)\")")
        source.line(
            "private let note: (UInt64, UInt32, UInt16, UInt16, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (")
        source.indented { fields in
            fields.line("\(Self.hexadecimal(NoteLayout.magic)),  // magic")
            fields.line(
                "\(NoteLayout.noteVersion), \(NoteLayout.pluginAPIMajor), \(NoteLayout.pluginAPIMinor),"
                    + "  // layout, PluginAPI major and minor"
            )
            fields.line("\(Self.hexadecimal(FNV1a.hash(manifest.id.description))),  // \(manifest.id)")
            fields.line("\(Self.hexadecimal(FNV1a.hash(NoteLayout.epoch))),  // \(NoteLayout.epoch)")
            // A digest is 64 hexadecimal digits by the contract of `Manifest`.
            let words = NoteLayout.words(ofDigest: manifest.digest) ?? [0, 0, 0, 0]
            fields.line(words.prefix(2).map(Self.hexadecimal).joined(separator: ", ") + ",  // the manifest's SHA-256")
            fields.line(words.suffix(2).map(Self.hexadecimal).joined(separator: ", "))
        }
        source.line(")")
    }

    private var nextCompiler: String {
        let version = SemanticVersion(NoteLayout.compiler)
        return version.map { "\($0.major).\($0.minor).\($0.patch + 1)" } ?? NoteLayout.compiler
    }

    private static func hexadecimal(_ word: UInt64) -> String {
        let digits = String(word, radix: 16, uppercase: true)
        let padded = Array(String(repeating: "0", count: 16 - digits.count) + digits)
        return "0x" + stride(from: 0, to: 16, by: 4).map { String(padded[$0..<$0 + 4]) }.joined(separator: "_")
    }
}
