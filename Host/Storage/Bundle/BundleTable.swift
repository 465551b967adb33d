import HostManifest
import HostModel
import HostPostgres
import HostSQL

/// One table of a business as a bundle has it: all columns but the business, as lines of JSON in one order.
struct BundleTable: Hashable {
    /// `core.invoice`; also the folder of its parts.
    let name: String
    /// Columns that can be written.
    let columns: [String]
    /// Of ``columns``: those whose values are left out, since they are sealed for one installation.
    let hidden: Set<String>
    /// `"id"`, or what numbers the rows.
    let order: [String]
    /// Tables that must be filled before.
    let needs: Set<String>

    /// What doesn't move, and why: each of these belongs to one installation.
    static let leftOut: [String: String] = [
        "auth": "sign-ins end with the installation",
        "idempotency": "repeated requests are sent to the installation that knows them",
        "imports": "imports end where they began",
        "invariants": "results are found again",
        "search": "words are found again as their records arrive",
        "users.membership": "members come by their e-mail addresses",
        "businesses.data_key": "keys never leave",
    ]

    static func isLeftOut(_ table: String) -> Bool {
        leftOut[table] != nil || leftOut[String(table.prefix { $0 != "." })] != nil
    }

    /// Rows read or written at once; contents of files are large.
    var batch: Int { name == "files.chunk" ? 8 : 1_000 }

    private var quotedName: String {
        name.split(separator: ".").map { "\"\($0)\"" }.joined(separator: ".")
    }

    /// The rows as text in JSON form.
    var query: String {
        let values = columns.map { hidden.contains($0) ? "NULL::text AS \"\($0)\"" : "t.\"\($0)\"" }
        return "SELECT row_to_json(r)::text FROM (SELECT \(values.joined(separator: ", ")) FROM \(quotedName) t "
            + "ORDER BY \(order.joined(separator: ", "))) r"
    }

    /// Puts the lines of `thorbis_line` that are this table's into it, all at once: rows may refer to each other.
    var insert: String {
        let list = columns.map { "\"\($0)\"" }.joined(separator: ", ")
        let values = columns.map { "r.\"\($0)\"" }.joined(separator: ", ")
        return "INSERT INTO \(quotedName) (business_id, \(list)) "
            + "SELECT \(RowSecurity.currentBusiness), \(values) FROM pg_temp.thorbis_line l, "
            + "LATERAL jsonb_populate_record(NULL::\(quotedName), l.line) r "
            + "WHERE l.section = '\(name)' ORDER BY l.position"
    }

    /// The rights that a restore needs on the table for its own transaction.
    func rights(_ verb: String, _ preposition: String) -> [String] {
        let schema = name.prefix { $0 != "." }
        return [
            "\(verb) USAGE ON SCHEMA \"\(schema)\" \(preposition) \(PlatformRoles.restore)",
            "\(verb) INSERT ON \(quotedName) \(preposition) \(PlatformRoles.restore)",
        ]
    }
}

/// Which tables a bundle has, from the database's own catalogue: a table that is added moves along.
enum BundleCatalogue {
    private static let statement = SQLStatement(
        name: nil,
        text: """
            SELECT n.nspname || '.' || c.relname,
                to_json(ARRAY(SELECT a.attname::text FROM pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                        AND a.attidentity = '' AND a.attname <> 'business_id' ORDER BY a.attnum))::text,
                to_json(coalesce(
                    (SELECT ARRAY[quote_ident(a.attname)] FROM pg_attribute a
                        WHERE a.attrelid = c.oid AND a.attidentity <> '' LIMIT 1),
                    (SELECT array_agg(quote_ident(a.attname)
                            || CASE WHEN a.attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END
                            ORDER BY array_position(i.indkey::int2[], a.attnum))
                        FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
                        WHERE i.indrelid = c.oid AND i.indisprimary AND a.attname <> 'business_id')))::text,
                to_json(ARRAY(SELECT DISTINCT fn.nspname || '.' || f.relname FROM pg_constraint k
                    JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
                    WHERE k.conrelid = c.oid AND k.contype = 'f' AND f.oid <> c.oid))::text
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND EXISTS (
                SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'business_id')
            ORDER BY 1
            """)

    static let command = SQLCommand(statement, [])

    /// - Throws: A problem that names tables that refer to each other in a circle.
    static func tables(_ rows: Rows, _ manifests: ManifestSet) throws(Problem) -> [BundleTable] {
        let hidden = hiddenColumns(manifests)
        var tables: [BundleTable] = []
        for row in 0..<rows.count {
            guard let name = rows.text(row, 0), !BundleTable.isLeftOut(name) else { continue }
            tables.append(
                BundleTable(
                    name: name, columns: rows.words(row, 1), hidden: hidden[name] ?? [], order: rows.words(row, 2),
                    needs: Set(rows.words(row, 3))))
        }
        return try ordered(tables)
    }

    private static func hiddenColumns(_ manifests: ManifestSet) -> [String: Set<String>] {
        var hidden: [String: Set<String>] = [:]
        for manifest in manifests.manifests {
            for entity in manifest.entities {
                let columns = entity.fields.filter(\.isSensitive).map(\.column)
                if !columns.isEmpty { hidden["\(manifest.id).\(entity.name)"] = Set(columns) }
            }
        }
        return hidden
    }

    /// What is referred to comes first; otherwise by name.
    static func ordered(_ tables: [BundleTable]) throws(Problem) -> [BundleTable] {
        let names = Set(tables.map(\.name))
        var (waiting, ordered, done) = (tables, [BundleTable](), Set<String>())
        while !waiting.isEmpty {
            let next = waiting.filter { $0.needs.intersection(names).isSubset(of: done) }
            guard !next.isEmpty else {
                let circle = waiting.map(\.name).joined(separator: ", ")
                throw .refusedBundle("These tables refer to each other in a circle: \(circle).")
            }
            ordered += next
            done.formUnion(next.map(\.name))
            waiting.removeAll { done.contains($0.name) }
        }
        return ordered
    }
}
