import Glibc

/// Where an image is in this process's memory.
package struct MappedImage: Hashable, Sendable {
    /// A stretch of memory with one protection.
    package struct Stretch: Hashable, Sendable {
        package let addresses: Range<UInt>
        package let isExecutable: Bool
        /// Whether its pages become copies of this process's own when they are written to.
        package let isWritable: Bool
    }

    /// Ordered by address.
    package let stretches: [Stretch]
    /// Of the sealed file, which stays in memory as a whole, with the parts of it that nobody maps.
    private let fileBytes: Int

    /// Of a plugin without code.
    static let none = MappedImage(maps: "", inode: 0, device: "", fileBytes: 0)

    /// Finds the stretches that come from a file.
    ///
    /// - Parameters:
    ///   - maps: The text of `/proc/self/maps`.
    ///   - inode: The file's, on the file system that `device` names, such as `00:01`.
    ///   - fileBytes: The file's size.
    init(maps: String, inode: UInt64, device: String, fileBytes: Int) {
        self.fileBytes = fileBytes
        stretches = maps.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
            guard words.count >= 5, words[3] == device, UInt64(words[4]) == inode else { return nil }
            let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard ends.count == 2, ends[0] < ends[1] else { return nil }
            return Stretch(
                addresses: ends[0]..<ends[1], isExecutable: words[1].contains("x"), isWritable: words[1].contains("w"))
        }
    }

    /// Where this process has mapped a sealed image; nothing when it can't be told.
    init(of image: SealedImage) {
        var status = stat()
        // Sound: the call writes into a local that outlives it.
        guard unsafe fstat(image.descriptor, &status) == 0 else {
            self = .none
            return
        }
        self.init(
            maps: Self.maps(), inode: UInt64(status.st_ino), device: Self.device(UInt64(status.st_dev)),
            fileBytes: Int(status.st_size))
    }

    /// The addresses that it takes, in bytes.
    package var bytes: Int { stretches.reduce(0) { $0 + $1.addresses.count } }

    /// The memory that it takes as long as the process lives, in bytes: the file, and its writable pages once more.
    /// Pages that the dynamic loader filled in and then closed, some tens of KiB, aren't counted twice.
    package var heldBytes: Int {
        fileBytes + stretches.reduce(0) { $0 + ($1.isWritable ? $1.addresses.count : 0) }
    }

    /// `major:minor` as `/proc/self/maps` writes it, from the number that Linux packs both into.
    static func device(_ number: UInt64) -> String {
        let major = (number >> 8 & 0xFFF) | (number >> 32 & 0xFFFF_F000)
        let minor = (number & 0xFF) | (number >> 12 & 0xFFFF_FF00)
        return hexadecimal(major) + ":" + hexadecimal(minor)
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let text = String(number, radix: 16)
        return text.count < 2 ? "0" + text : text
    }

    private static let mapsBytesMax = 16 << 20

    /// The kernel's list of this process's memory; empty when it can't be read.
    private static func maps() -> String {
        // Sound: the path is copied for the call.
        let descriptor = unsafe open("/proc/self/maps", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while text.count < mapsBytesMax {
            // Sound: the buffer lives through the call, which writes at most its size.
            let read = unsafe part.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if read < 0, errno == EINTR { continue }
            guard read > 0 else { break }
            text += part[..<read]
        }
        return String(decoding: text, as: UTF8.self)
    }
}
