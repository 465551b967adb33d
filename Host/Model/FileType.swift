/// The media types of files that are taken, and how their first bytes look.
///
/// What a browser would run isn't among them (HTML, SVG, XML, scripts), whatever it is called.
package struct FileType: Hashable, Sendable {
    /// `image/png`.
    package let name: String
    private let signature: Signature

    private enum Signature: Hashable, Sendable {
        /// One of these, at an offset.
        case magic([[UInt8]], at: Int)
        /// UTF-8 without control characters but white space.
        case text
    }

    package static let all: [FileType] = [
        FileType("application/pdf", "%PDF-"),
        FileType(name: "image/png", signature: .magic([[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]], at: 0)),
        FileType(name: "image/jpeg", signature: .magic([[0xFF, 0xD8, 0xFF]], at: 0)),
        FileType("image/gif", "GIF87a", "GIF89a"),
        FileType(name: "image/webp", signature: .magic([Array("WEBP".utf8)], at: 8)),
        FileType(
            name: "image/heic", signature: .magic(["heic", "heix", "mif1", "msf1"].map { Array($0.utf8) }, at: 8)),
        FileType(name: "video/mp4", signature: .magic([Array("ftyp".utf8)], at: 4)),
        FileType(name: "application/zip", signature: zip),
        FileType(
            name: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", signature: zip),
        FileType(name: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", signature: zip),
        FileType(name: "text/plain", signature: .text),
        FileType(name: "text/csv", signature: .text),
        FileType(name: "application/json", signature: .text),
        FileType(name: "application/x-ndjson", signature: .text),
    ]

    private static let zip = Signature.magic([[0x50, 0x4B, 0x03, 0x04], [0x50, 0x4B, 0x05, 0x06]], at: 0)

    private init(name: String, signature: Signature) {
        self.name = name
        self.signature = signature
    }

    private init(_ name: String, _ beginnings: String...) {
        self.init(name: name, signature: .magic(beginnings.map { Array($0.utf8) }, at: 0))
    }

    /// The type of a `Content-Type` field, its parameters left out; nil for one that isn't taken.
    package init?(contentType: String?) {
        let wanted = (contentType ?? "").split(separator: ";").first.map { $0.lowercased() } ?? ""
        let name = wanted.split(separator: " ").joined()
        guard let type = Self.all.first(where: { $0.name == name }) else { return nil }
        self = type
    }

    /// Whether the content may be of this type.
    package func matches(_ content: some RandomAccessCollection<UInt8>) -> Bool {
        switch signature {
        case .magic(let beginnings, let offset):
            let start = content.dropFirst(offset)
            return beginnings.contains { start.starts(with: $0) }
        case .text: return Self.isText(content) && !Self.isMarkup(content)
        }
    }

    private static func isText(_ content: some RandomAccessCollection<UInt8>) -> Bool {
        guard content.allSatisfy({ $0 >= 0x20 || [0x09, 0x0A, 0x0D].contains($0) }) else { return false }
        return String(validating: content, as: UTF8.self) != nil
    }

    /// What browsers that guess take for a page begins with a tag, after white space and a byte-order mark
    /// (WHATWG MIME Sniffing, section 7.1).
    private static func isMarkup(_ content: some RandomAccessCollection<UInt8>) -> Bool {
        let start = content.drop { [0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return start.first == UInt8(ascii: "<")
    }
}
