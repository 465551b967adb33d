package import HostModel

/// What the catalogue of a database says about our schemas, as ``CatalogueFacts/statement`` gives it in one document.
package struct CatalogueFacts: Sendable {
    struct Table: Sendable {
        let schema: String
        let name: String
        let isTenant: Bool
        let isSecured: Bool
        let isForced: Bool
        var path: String { "\(schema).\(name)" }
    }

    let document: JSONValue

    /// - Parameter document: The answer to ``statement``.
    package init(_ document: JSONValue) {
        self.document = document
    }

    var tables: [Table] {
        rows("tables").map { row in
            Table(
                schema: row["schema"]?.string ?? "", name: row["name"]?.string ?? "",
                isTenant: row["tenant"]?.bool ?? false, isSecured: row["secured"]?.bool ?? false,
                isForced: row["forced"]?.bool ?? false)
        }
    }

    func rows(_ name: String) -> [JSONValue] { document[name]?.array ?? [] }

    /// One row, one column: a JSON object. Reads the catalogue only; any role may ask.
    package static let statement = """
        WITH ours AS (
            SELECT oid, nspname FROM pg_catalog.pg_namespace
            WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public', 'thorbis')
        ), tables AS (
            SELECT c.oid, n.nspname, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.reloptions,
                EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'business_id'
                    AND NOT a.attisdropped) AS tenant
            FROM pg_catalog.pg_class c JOIN ours n ON n.oid = c.relnamespace
        )
        SELECT json_build_object(
            'tables', (SELECT coalesce(json_agg(json_build_object('schema', nspname, 'name', relname,
                'tenant', tenant, 'secured', relrowsecurity, 'forced', relforcerowsecurity) ORDER BY nspname, relname),
                '[]') FROM tables WHERE relkind IN ('r', 'p')),
            'policies', (SELECT coalesce(json_agg(json_build_object('table', t.nspname || '.' || t.relname,
                'permissive', p.polpermissive,
                'whole', p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL AND p.polcmd = '*')), '[]')
                FROM pg_catalog.pg_policy p JOIN tables t ON t.oid = p.polrelid),
            'keys', (SELECT coalesce(json_agg(json_build_object('table', t.nspname || '.' || t.relname,
                'name', k.name, 'first', a.attname) ORDER BY k.name), '[]')
                FROM (SELECT i.indrelid AS relid, c.relname AS name, i.indkey[0] AS first
                        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                        WHERE i.indisunique OR i.indisexclusion
                    UNION ALL SELECT conrelid, conname, conkey[1] FROM pg_catalog.pg_constraint WHERE contype = 'f') k
                JOIN tables t ON t.oid = k.relid AND t.tenant
                LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = k.relid AND a.attnum = k.first),
            'views', (SELECT coalesce(json_agg(json_build_object('name', nspname || '.' || relname,
                'kind', relkind, 'options', coalesce(array_to_string(reloptions, ','), '')) ORDER BY relname), '[]')
                FROM tables WHERE relkind IN ('v', 'm')),
            'definers', (SELECT coalesce(json_agg(json_build_object('name', n.nspname || '.' || p.proname,
                'owner', pg_catalog.pg_get_userbyid(p.proowner),
                'open', has_function_privilege('public', p.oid, 'EXECUTE'),
                'path', coalesce(array_to_string(p.proconfig, ';'), '')) ORDER BY p.proname), '[]')
                FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.objid = p.oid AND d.classid = 'pg_catalog.pg_proc'::regclass AND d.deptype = 'e')),
            'volatile', (SELECT coalesce(json_agg(DISTINCT t.nspname || '.' || t.relname), '[]')
                FROM pg_catalog.pg_policy p JOIN tables t ON t.oid = p.polrelid
                JOIN pg_catalog.pg_depend d ON d.objid = p.oid AND d.classid = 'pg_catalog.pg_policy'::regclass
                    AND d.refclassid = 'pg_catalog.pg_proc'::regclass
                JOIN pg_catalog.pg_proc f ON f.oid = d.refobjid AND f.provolatile = 'v'),
            'indexes', (SELECT coalesce(json_agg(json_build_object('table', t.nspname || '.' || t.relname,
                'name', c.relname, 'valid', i.indisvalid,
                'where', coalesce(pg_catalog.pg_get_expr(i.indpred, i.indrelid), ''), 'columns',
                (SELECT json_agg(a.attname ORDER BY k.position)
                    FROM unnest(i.indkey) WITH ORDINALITY k(number, position) LEFT JOIN
                    pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number))), '[]')
                FROM pg_catalog.pg_index i JOIN tables t ON t.oid = i.indrelid AND t.tenant
                JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid),
            'money', (SELECT coalesce(json_agg(json_build_object(
                'column', t.nspname || '.' || t.relname || '.' || a.attname, 'type',
                    pg_catalog.format_type(a.atttypid, NULL)) ORDER BY a.attname), '[]')
                FROM pg_catalog.pg_attribute a
                JOIN tables t ON t.oid = a.attrelid AND t.tenant AND t.relkind IN ('r', 'p')
                WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attname ~ '_minor$'
                AND a.atttypid <> 'pg_catalog.int8'::regtype),
            'triggers', (SELECT coalesce(json_agg(json_build_object('table', t.nspname || '.' || t.relname,
                'name', g.tgname)), '[]')
                FROM pg_catalog.pg_trigger g JOIN tables t ON t.oid = g.tgrelid WHERE g.tgenabled IN ('O', 'A')),
            'role', (SELECT json_build_object('super', rolsuper, 'bypass', rolbypassrls,
                'create_role', rolcreaterole, 'create_db', rolcreatedb,
                'owner', pg_has_role(rolname, 'thorbis_owner', 'MEMBER') AND NOT rolsuper,
                'temp', has_database_privilege(rolname, current_database(), 'TEMP'),
                'create', has_database_privilege(rolname, current_database(), 'CREATE')
                    OR EXISTS (SELECT FROM pg_catalog.pg_namespace n
                        WHERE n.nspname !~ '^pg_(toast|temp)' AND has_schema_privilege(rolname, n.oid, 'CREATE')),
                'owns', EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relowner = r.oid))
                FROM pg_catalog.pg_roles r WHERE rolname = 'thorbis_app')
        )::text
        """
}
