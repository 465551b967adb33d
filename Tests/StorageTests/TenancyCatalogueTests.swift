import HostManifest
import HostModel
import HostPostgres
import HostStorage
import TestSupport
import Testing

/// What the database's own catalogue says about tenancy, over every table that there is.
struct TenancyCatalogueTests {
    /// Every table of ours, with its name in quotes.
    private static let tables = """
        SELECT c.oid, n.nspname || '.' || c.relname AS name, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS quoted,
            c.relrowsecurity AS secured, c.relforcerowsecurity AS forced,
            EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'business_id') AS tenant
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
        """

    /// Without `business_id`: the tenants themselves (their `id` is the key of the policy), and the identities of
    /// people, who may belong to several businesses. The schema `thorbis` is the owner's and holds no tenant's data.
    private static let platformTables: Set<String> = ["businesses.business", "users.user", "auth.credential"]

    @Test func `without a business every table gives no row or an error`() async throws {
        try await TestInstallation.make { installation in
            _ = try await installation.signUp("first@example.com")
            let names = try await installation.database.ask("SELECT quoted FROM (\(Self.tables)) t").texts
            #expect(names.count > 15)
            for name in names {
                // On a connection that had a business before: its setting reads as '' now.
                let rows = try? await installation.database.ask("SELECT 1 FROM \(name) LIMIT 1")
                #expect((rows?.count ?? 0) == 0, "\(name)")
            }
        }
    }

    @Test func `every table of a business has both policies and forced row security`() async throws {
        try await TestInstallation.make { installation in
            let rows = try await installation.database.ask(
                """
                SELECT t.name, t.secured::text, t.forced::text,
                    EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polname = 'tenant' AND p.polpermissive
                        AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL)::text,
                    EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polname = 'tenant_floor'
                        AND NOT p.polpermissive AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL)::text
                FROM (\(Self.tables)) t WHERE t.tenant
                """)
            #expect(rows.count > 12)
            for row in 0..<rows.count {
                let facts = (1...4).map { rows.text(row, $0) }
                #expect(facts == ["true", "true", "true", "true"], "\(rows.text(row, 0) ?? "")")
            }
        }
    }

    @Test func `a floor that isn't for everybody is one of the gate's tables or of the operator's`() async throws {
        try await TestInstallation.make { installation in
            let rows = try await installation.database.ask(
                """
                SELECT t.name FROM (\(Self.tables)) t JOIN pg_policy p ON p.polrelid = t.oid
                WHERE p.polname = 'tenant_floor' AND p.polroles <> '{0}' ORDER BY 1
                """)
            let known = [
                "auth.refresh_token", "businesses.business", "businesses.data_key", "imports.job", "users.membership",
            ]
            #expect(rows.texts == known)
        }
    }

    @Test func `no plugin can have a schema of the platform as its id`() async throws {
        try await TestInstallation.make { installation in
            let schemas = try await installation.database.ask(
                "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('core', 'hs', 'public')")
            let taken = schemas.texts.filter { $0 != "information_schema" }
            #expect(taken.contains("custom"))
            for name in taken {
                let yaml = "apiVersion: thorbis.dev/v1\nid: \(name)\nname: A\nversion: 1.0.0\npluginAPI: '>=1.0 <2.0'\n"
                let invalid = #expect(throws: InvalidManifest.self) {
                    try ManifestParser.parse(yaml: yaml, file: "a.yaml", digest: "d")
                }
                #expect(invalid?.diagnostics.map(\.rule) == [.reservedName], "\(name)")
            }
        }
    }

    @Test func `every table without a business is a known one`() async throws {
        try await TestInstallation.make { installation in
            let rows = try await installation.database.ask(
                "SELECT t.name FROM (\(Self.tables)) t WHERE NOT t.tenant AND t.name NOT LIKE 'thorbis.%'")
            #expect(Set(rows.texts) == Self.platformTables)
            let open = try await installation.database.ask(
                "SELECT t.name FROM (\(Self.tables)) t WHERE t.name NOT LIKE 'thorbis.%' AND NOT (t.secured AND t.forced)"
            )
            #expect(open.texts == [])
        }
    }

    @Test func `keys lead with the business`() async throws {
        try await TestInstallation.make { installation in
            let rows = try await installation.database.ask(
                """
                SELECT t.name || ' ' || c.relname FROM (\(Self.tables)) t JOIN pg_index i ON i.indrelid = t.oid
                JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
                WHERE t.tenant AND i.indisunique AND a.attname <> 'business_id'
                UNION ALL
                SELECT t.name || ' ' || k.conname FROM (\(Self.tables)) t JOIN pg_constraint k ON k.conrelid = t.oid
                JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1]
                WHERE t.tenant AND k.contype = 'f' AND a.attname <> 'business_id'
                """)
            // A person may belong to several businesses, so a membership points at a person without one.
            #expect(rows.texts == ["users.membership membership_user_id_fkey"])
        }
    }

    @Test func `only the gate's functions run as somebody else`() async throws {
        try await TestInstallation.make { installation in
            let rows = try await installation.database.ask(
                """
                SELECT p.proname || ' ' || r.rolname || ' ' || array_to_string(p.proconfig, ';') || ' ' ||
                    has_function_privilege('public', p.oid, 'EXECUTE')::text
                FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner JOIN pg_namespace n ON n.oid = p.pronamespace
                WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
                """)
            let path = "search_path=pg_catalog, pg_temp"
            let functions = [
                "add_words", "change_words", "claim", "enrol", "ids_after", "invite", "outdated", "refresh_business",
                "set_password", "sign_in_facts",
            ]
            #expect(rows.texts == functions.map { "\($0) thorbis_gate \(path) false" })
        }
    }

    @Test func `the host's role owns nothing and has no special right`() async throws {
        try await TestInstallation.make { installation in
            let role = try await installation.database.ask(
                """
                SELECT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)::text FROM pg_roles WHERE rolname = current_user
                UNION ALL SELECT pg_has_role(current_user, 'thorbis_owner', 'MEMBER')::text
                UNION ALL SELECT pg_has_role(current_user, 'thorbis_gate', 'MEMBER')::text
                UNION ALL SELECT has_database_privilege(current_database(), 'TEMP')::text
                UNION ALL SELECT has_database_privilege(current_database(), 'CREATE')::text
                UNION ALL SELECT bool_or(has_schema_privilege(oid, 'CREATE'))::text FROM pg_namespace
                UNION ALL SELECT bool_or(pg_get_userbyid(relowner) = current_user)::text FROM pg_class
                """)
            #expect(role.texts == Array(repeating: "false", count: 7))
        }
    }

    @Test(arguments: [TestDatabase.Role.app, .owner, .superuser])
    func `nobody changes the audit trail`(_ role: TestDatabase.Role) async throws {
        try await TestInstallation.make { installation in
            let firm = try await installation.signUp("first@example.com")
            let business = firm.grant.business
            try await TestInstallation.withDatabase(installation.place, as: role) { database in
                for text in ["UPDATE audit.entry SET action = 'x'", "DELETE FROM audit.entry", "TRUNCATE audit.entry"] {
                    await #expect(throws: DatabaseError.self, "\(text)") {
                        _ = try await database.ask(text, business: business)
                    }
                }
            }
            #expect(try await installation.actions(of: firm).count == 3)
        }
    }

    @Test func `one business never sees another's rows`() async throws {
        try await TestInstallation.make { installation in
            let first = try await installation.signUp("first@example.com")
            let second = try await installation.signUp("second@example.com")
            let names = try await installation.database.ask(
                "SELECT quoted FROM (\(Self.tables)) t WHERE tenant"
            ).texts
            for name in names {
                let rows = try? await installation.database.ask(
                    "SELECT 1 FROM \(name) WHERE business_id <> $1::uuid LIMIT 1",
                    [first.grant.business.description], business: first.grant.business)
                #expect((rows?.count ?? 0) == 0, "\(name)")
            }
            let people = try await installation.database.ask(
                #"SELECT email FROM users."user""#, business: second.grant.business)
            #expect(people.texts == ["second@example.com"])
        }
    }

    @Test func `a row for another business is refused`() async throws {
        try await TestInstallation.make { installation in
            let first = try await installation.signUp("first@example.com")
            let second = try await installation.signUp("second@example.com")
            await #expect {
                _ = try await installation.database.ask(
                    "INSERT INTO businesses.series (business_id, key, prefix) VALUES ($1::uuid, 'k', 'p')",
                    [second.grant.business.description], business: first.grant.business)
            } throws: { error in
                (error as? DatabaseError)?.sqlState == "42501"
            }
        }
    }
}
