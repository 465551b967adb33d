package import HostModel

/// Reads the files of a bundle one after the other; each is in memory while it is looked at.
package struct BundleArchive {
    package struct File {
        package let name: String
        package let content: [UInt8]
    }

    /// A part of a bundle is never larger; what says so is no bundle of ours.
    static let fileBytesMax = 16_777_216

    /// Gives that many bytes, fewer only at the end.
    private let read: (Int) throws -> [UInt8]
    private var last = "its beginning"

    /// - Parameter read: Gives so many of the next bytes, fewer only at the end of the archive.
    package init(_ read: @escaping (Int) throws -> [UInt8]) {
        self.read = read
    }

    /// The next file; nil after the last one.
    ///
    /// - Throws: `bundle_damaged` when the archive is cut or altered there.
    package mutating func next() throws -> File? {
        let block = try read(TarHeader.blockBytes)
        if block.count == TarHeader.blockBytes, block.allSatisfy({ $0 == 0 }) { return nil }
        guard let header = TarHeader(parsing: block), header.size <= Self.fileBytesMax else {
            throw Problem.damaged("after \(last)")
        }
        let content = try read(header.size + header.padding)
        guard content.count == header.size + header.padding else { throw Problem.damaged("in \(header.name)") }
        last = header.name
        return File(name: header.name, content: Array(content.prefix(header.size)))
    }
}

extension Problem.Code {
    /// A bundle isn't whole, or isn't what its checksums say.
    package static let bundleDamaged = Self("bundle_damaged")
    /// A bundle can't be taken in here: other plugins, or the business is here already.
    package static let bundleRefused = Self("bundle_refused")
}

extension Problem {
    static func damaged(_ place: String) -> Problem {
        Problem(.bundleDamaged, "The bundle is cut off or was altered \(place).", members: ["part": .string(place)])
    }

    static func refusedBundle(_ detail: String) -> Problem { Problem(.bundleRefused, detail) }
}
