import HostModel
import HostPostgres
import HostSQL

/// What came with a bundle besides the rows that wait in `thorbis_line`.
struct BundleContents {
    let facts: BundleFacts
    /// By e-mail address.
    let members: [JSONObject]
    /// The ids that the accounts of the members had.
    let identities: [String: UserID]
    /// As the checksums say, compared with what came.
    let sections: [BundleSection]
}

/// Takes the files of an archive into the transaction, and finds out whether they are whole.
struct BundleReading {
    private var archive: BundleArchive
    private let transaction: DatabaseTransaction
    private var tallies: [String: SectionTally] = [:]
    private var people: [String: [JSONObject]] = [:]
    private var position = 0

    static let staging = """
        CREATE TEMP TABLE thorbis_line (section text NOT NULL, position bigint NOT NULL, line jsonb NOT NULL)
        ON COMMIT DROP
        """

    private static let add = SQLStatement(
        name: "bundle.add",
        text: """
            INSERT INTO pg_temp.thorbis_line (section, position, line)
            SELECT $1, $2::bigint + l.n, l.line::jsonb
            FROM string_to_table($3, E'\\n') WITH ORDINALITY AS l(line, n) WHERE l.line <> ''
            """)

    init(_ archive: BundleArchive, _ transaction: DatabaseTransaction) {
        self.archive = archive
        self.transaction = transaction
    }

    /// - Throws: `bundle_damaged` with the part.
    mutating func contents(_ facts: BundleFacts, _ first: BundleArchive.File) async throws -> BundleContents {
        var manifest = SectionTally(name: BundleFacts.fileName)
        manifest.add(first.content, rows: 1)
        tallies[BundleFacts.fileName] = manifest
        var checksums: JSONValue?
        while let file = try archive.next() {
            guard checksums == nil else { throw Problem.damaged("after \(BundleFacts.checksumsName)") }
            if file.name == BundleFacts.checksumsName {
                checksums = try? JSONParser.parse(file.content)
            } else {
                try await take(file)
            }
        }
        guard let list = checksums?["sections"]?.array else {
            throw Problem.damaged("before its end: \(BundleFacts.checksumsName) is missing")
        }
        let sections = try checked(list.compactMap { BundleSection($0) })
        return BundleContents(
            facts: facts, members: people[BundleExport.members] ?? [],
            identities: Self.identities(people[BundleExport.identities] ?? []), sections: sections)
    }

    private mutating func take(_ file: BundleArchive.File) async throws {
        guard let slash = file.name.firstIndex(of: "/") else { throw Problem.damaged("at \(file.name)") }
        let section = String(file.name[..<slash])
        let rows = file.content.count { $0 == UInt8(ascii: "\n") }
        tallies[section, default: SectionTally(name: section)].add(file.content, rows: rows)
        if [BundleExport.members, BundleExport.identities].contains(section) {
            for line in file.content.split(separator: UInt8(ascii: "\n")) {
                guard let person = try? JSONParser.parse(Array(line)).object else {
                    throw Problem.damaged("in \(file.name)")
                }
                people[section, default: []].append(person)
            }
            return
        }
        guard let text = String(validating: file.content, as: UTF8.self) else {
            throw Problem.damaged("in \(file.name)")
        }
        try await stage(text, of: section, in: file.name)
        position += rows
    }

    private func stage(_ text: String, of section: String, in file: String) async throws {
        let command = SQLCommand(Self.add, [section, String(position), text])
        do throws(DatabaseError) {
            _ = try await transaction.execute(command)
        } catch {
            // Class 22: a line that isn't JSON.
            if error.sqlState?.hasPrefix("22") == true { throw Problem.damaged("in \(file)") }
            throw error
        }
    }

    /// What came must be what the checksums say, neither more nor less.
    private func checked(_ expected: [BundleSection]) throws(Problem) -> [BundleSection] {
        for section in expected {
            let came = (tallies[section.name] ?? SectionTally(name: section.name)).section
            guard came == section else {
                throw .damaged("in \(section.name): \(came.rows) of \(section.rows) rows came as they left")
            }
        }
        let names = Set(expected.map(\.name))
        for name in tallies.keys.sorted() where !names.contains(name) { throw .damaged("at \(name)") }
        guard names.contains(BundleFacts.fileName) else { throw .damaged("in \(BundleFacts.checksumsName)") }
        return expected
    }

    private static func identities(_ people: [JSONObject]) -> [String: UserID] {
        var identities: [String: UserID] = [:]
        for person in people {
            guard let email = person["email"]?.string, let id = person["id"]?.string.flatMap({ UserID($0) }) else {
                continue
            }
            identities[email] = id
        }
        return identities
    }
}
