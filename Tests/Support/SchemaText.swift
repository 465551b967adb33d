/// What the catalogue of a database says of a schema.
package enum SchemaText {
    /// One line for each column, constraint, index, trigger, policy and table, in an order that doesn't depend on how
    /// the schema was made: two schemas with the same lines are the same.
    package static func statement(_ schema: String) -> String {
        """
        SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
            || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
            || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = '\(schema)'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' '
            || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = '\(schema)'::regnamespace
        UNION ALL SELECT 'index ' || pg_get_indexdef(i.indexrelid) || ' ' || i.indisvalid::text
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = '\(schema)'::regnamespace
        UNION ALL SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = '\(schema)'::regnamespace AND NOT t.tgisinternal
        UNION ALL SELECT 'policy ' || polrelid::regclass || ' ' || polname || ' '
            || pg_get_expr(polqual, polrelid) FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
        WHERE c.relnamespace = '\(schema)'::regnamespace
        UNION ALL SELECT 'table ' || relname || ' ' || coalesce(relacl::text, '') || relforcerowsecurity::text
        FROM pg_class WHERE relnamespace = '\(schema)'::regnamespace AND relkind = 'r'
        ORDER BY 1
        """
    }
}
