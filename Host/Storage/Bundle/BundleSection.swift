import Crypto
package import HostModel

/// How many rows a part of a bundle has and the SHA-256 of their lines: the same at both ends, or nothing is kept.
package struct BundleSection: Hashable, Sendable {
    package let name: String
    package let rows: Int
    /// Lower-case hexadecimal.
    package let sha256: String

    package var json: JSONValue {
        ["name": .string(name), "rows": .int(Int64(rows)), "sha256": .string(sha256)]
    }

    init(name: String, rows: Int, sha256: String) {
        self.name = name
        self.rows = rows
        self.sha256 = sha256
    }

    init?(_ json: JSONValue) {
        guard let name = json["name"]?.string, let rows = json["rows"]?.int, let sha256 = json["sha256"]?.string else {
            return nil
        }
        self.init(name: name, rows: Int(rows), sha256: sha256)
    }
}

/// Counts and digests lines as they come.
struct SectionTally {
    let name: String
    private var rows = 0
    private var hash = SHA256()

    init(name: String) {
        self.name = name
    }

    /// Whole lines, each with its line feed.
    mutating func add(_ lines: some Sequence<UInt8>, rows: Int) {
        hash.update(data: Array(lines))
        self.rows += rows
    }

    var section: BundleSection { BundleSection(name: name, rows: rows, sha256: hash.finalize().hexadecimal) }
}
