import HostManifest
import HostModel
import HostPostgres
import HostSQL
import NIOCore

/// Writes all that a business has into one archive, as of one moment.
struct BundleExport: Sendable {
    let manifests: ManifestSet

    /// How long it may take.
    static let deadline: Duration = .seconds(7_200)
    /// A part of the archive has at least so many bytes, the last of a table apart.
    private static let partBytes = 1_048_576

    /// What a section of members is called; they have no table of their own in a bundle.
    static let members = "users.member"
    static let identities = "users.identity"

    /// Told apart by their e-mail address: an account of the same address at the other end is the same person.
    static let membersQuery = """
        SELECT row_to_json(r)::text FROM (
            SELECT u.email, u.name, m.roles, m.created_at FROM users.membership m
            JOIN users."user" u ON u.id = m.user_id ORDER BY u.email COLLATE "C") r
        """
    private static let identitiesQuery = """
        SELECT row_to_json(r)::text FROM (
            SELECT u.email, u.id FROM users.membership m
            JOIN users."user" u ON u.id = m.user_id ORDER BY u.email COLLATE "C") r
        """

    private static let businessQuery = SQLCommand(
        SQLStatement(
            name: nil,
            text: "SELECT row_to_json(b)::text FROM businesses.business b WHERE id = \(RowSecurity.currentBusiness)"),
        [])

    /// - Parameters:
    ///   - snapshot: Its business is set, its role one that row-level security binds.
    ///   - business: The one that is set.
    ///   - write: Takes a piece of the archive; returns when there is room for another.
    /// - Returns: What the archive has.
    /// - Throws: `not_found` when there is no such business.
    func run(
        _ snapshot: DatabaseSnapshot, of business: BusinessID, _ write: (ByteBuffer) async throws -> Void
    ) async throws -> [BundleSection] {
        let found = try await snapshot.execute(Self.businessQuery)
        guard let text = found.bytes(0, 0, ifAny: found.count), let row = try JSONParser.parse(text).object else {
            throw Problem.notFound("business")
        }
        let tables = try BundleCatalogue.tables(try await snapshot.execute(BundleCatalogue.command), manifests)
        let facts = BundleFacts(business, row: row, manifests: manifests).json.utf8
        try await file(BundleFacts.fileName, facts, write)
        var manifest = SectionTally(name: BundleFacts.fileName)
        manifest.add(facts, rows: 1)
        var sections = [manifest.section]
        let queries = [(Self.members, Self.membersQuery), (Self.identities, Self.identitiesQuery)]
        for (name, query) in queries + tables.map({ ($0.name, $0.query) }) {
            sections.append(try await section(name, query, snapshot, write))
        }
        let checksums: JSONValue = ["sections": .array(sections.map(\.json))]
        try await file(BundleFacts.checksumsName, checksums.utf8, write)
        try await write(ByteBuffer(bytes: TarHeader.end))
        return sections
    }

    private func section(
        _ name: String, _ query: String, _ snapshot: DatabaseSnapshot, _ write: (ByteBuffer) async throws -> Void
    ) async throws -> BundleSection {
        let command = CopyCommand(SQLCommand(SQLStatement(name: nil, text: query), []), .plain)
        var reader = try await snapshot.copy(command.text)
        var tally = SectionTally(name: name)
        var part: [UInt8] = []
        var number = 0
        func flush() async throws {
            guard !part.isEmpty else { return }
            number += 1
            let digits = String(number)
            let padded = String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
            try await file("\(name)/\(padded).ndjson", part, write)
            part.removeAll(keepingCapacity: true)
        }
        while let piece = try await reader.next() {
            tally.add(piece.bytes.readableBytesView, rows: piece.rows)
            part.append(contentsOf: piece.bytes.readableBytesView)
            if part.count >= Self.partBytes { try await flush() }
        }
        try await flush()
        return tally.section
    }

    private func file(
        _ name: String, _ content: [UInt8], _ write: (ByteBuffer) async throws -> Void
    ) async throws {
        let header = TarHeader(name: name, size: content.count)
        var buffer = ByteBufferAllocator().buffer(capacity: content.count + 2 * TarHeader.blockBytes)
        buffer.writeBytes(header.bytes)
        buffer.writeBytes(content)
        buffer.writeRepeatingByte(0, count: header.padding)
        try await write(buffer)
    }
}

extension Rows {
    /// The first row's bytes; nil without a row.
    fileprivate func bytes(_ row: Int, _ column: Int, ifAny count: Int) -> [UInt8]? {
        count > row ? bytes(row, column) : nil
    }
}
