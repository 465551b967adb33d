package import HostModel
package import HostTransfer

/// What somebody wants to import, before the file is there.
package struct ImportOrder: Sendable {
    package enum Mode: String, Hashable, Sendable, CaseIterable {
        /// Every row is a new record.
        case insert
        /// A row whose key is known changes that record.
        case upsert
    }

    /// As of ``ImportCatalogue``.
    package let entity: String
    package let format: FileFormat
    /// Nil to find it out.
    package let delimiter: UInt8?
    package let mode: Mode
    /// The column that tells records apart; for upserts only.
    package let key: String?
    package let isDryRun: Bool
    /// Whether the first bad row ends the import.
    package let stopsOnError: Bool
    package let fileName: String?
    package let mapping: JSONValue
    /// The size of the file, when it is known before.
    package let bytes: Int64?

    package init(
        entity: String, format: FileFormat, delimiter: UInt8?, mode: Mode, key: String?, isDryRun: Bool,
        stopsOnError: Bool, fileName: String?, mapping: JSONValue, bytes: Int64?
    ) {
        self.entity = entity
        self.format = format
        self.delimiter = delimiter
        self.mode = mode
        self.key = key
        self.isDryRun = isDryRun
        self.stopsOnError = stopsOnError
        self.fileName = fileName
        self.mapping = mapping
        self.bytes = bytes
    }
}

/// Bounds of imports.
package enum ImportBounds {
    /// One file.
    package static let fileBytesMax: Int64 = 2 << 30
    /// One upload request.
    package static let uploadBytesMax = 4 << 20
    /// One piece of a file in the database, which takes 262,144 bytes with what sealing adds.
    package static let pieceBytesMax = 262_144 - ImportPieces.sealBytes
    /// Faults that are kept of one import; all are counted.
    package static let faultsMax = 10_000
    /// Faults that are kept of one row.
    package static let rowFaultsMax = 20
    /// Rows and source bytes that are written in one transaction.
    package static let batchRowsMax = 500
    package static let batchBytesMax = 2 << 20
    /// How long a runner that says nothing keeps a job.
    package static let lease: Duration = .seconds(15)
    /// How often a job is taken up without getting on, before it is given up.
    package static let attemptsMax = 5
    /// How long a file is kept after its import has ended.
    package static let fileKept: Duration = .seconds(7 * 86_400)
}
