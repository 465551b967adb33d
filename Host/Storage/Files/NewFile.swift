package import HostModel
package import NIOCore

/// A file that is brought, its content and type checked.
package struct NewFile: Sendable {
    /// Who may see it.
    package enum Visibility: String, Sendable, CaseIterable {
        case `internal`, customer
    }

    /// 1 to 255 characters.
    package let name: String
    package let type: FileType
    package let visibility: Visibility
    package let content: ByteBuffer

    package static let nameLengthMax = 255
    /// The most that one request may bring.
    package static let bytesMax = 8_388_608

    package init(name: String, type: FileType, visibility: Visibility, content: ByteBuffer) {
        self.name = name
        self.type = type
        self.visibility = visibility
        self.content = content
    }
}

/// What must be known of a file to send its content.
package struct FileContent: Hashable, Sendable {
    package let name: String
    package let mediaType: String
    package let bytes: Int
    /// Lower-case hexadecimal.
    package let sha256: String

    /// A piece of a content is at most this long.
    package static let chunkBytes = 262_144

    package var chunkCount: Int { (bytes + Self.chunkBytes - 1) / Self.chunkBytes }
}
