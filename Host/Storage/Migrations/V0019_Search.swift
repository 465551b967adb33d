extension Migration {
    /// The words of searched records: what `q=` reads. Triggers of the plugins' tables keep them.
    ///
    /// Rows of a B-tree that leads with the business, not a GIN index over the texts: the operators of those aren't
    /// leakproof, so row-level security lets no index serve them. Words that begin in a way are a range, and comparing
    /// is leakproof.
    static let v0019Search = Migration(
        id: 19, name: "Search",
        statements: [
            "CREATE SCHEMA search",
            "GRANT USAGE ON SCHEMA search TO thorbis_app, thorbis_gate",
            // No reference to the business: the record has one, and a check for each word would cost as much as it.
            """
            CREATE TABLE search.word (
                business_id uuid NOT NULL,
                entity text COLLATE "C" NOT NULL,
                word text COLLATE "C" NOT NULL,
                record_id uuid NOT NULL,
                PRIMARY KEY (business_id, entity, word, record_id)
            )
            """,
        ] + RowSecurity.closed("search.word") + [
            "GRANT SELECT ON search.word TO thorbis_app",
            "GRANT SELECT, INSERT, DELETE ON search.word TO thorbis_gate",
            tokens, words,
        ]
            + ["search.tokens(text)", "search.words(text)"].flatMap { function in
                [
                    "REVOKE EXECUTE ON FUNCTION \(function) FROM PUBLIC",
                    "GRANT EXECUTE ON FUNCTION \(function) TO thorbis_app, thorbis_gate",
                ]
            } + ["GRANT CREATE ON SCHEMA search TO thorbis_gate", "SET LOCAL ROLE NONE"] + [
                loginMembership("GRANT", "TO"), "SET LOCAL ROLE thorbis_gate", addWords, changeWords,
            ]
            + ["search.add_words()", "search.change_words()"].flatMap { function in
                [
                    "REVOKE EXECUTE ON FUNCTION \(function) FROM PUBLIC",
                    "GRANT EXECUTE ON FUNCTION \(function) TO thorbis_owner",
                ]
            } + [
                "SET LOCAL ROLE NONE", loginMembership("REVOKE", "FROM"), "SET LOCAL ROLE thorbis_owner",
                "REVOKE CREATE ON SCHEMA search FROM thorbis_gate",
            ])

    /// The words of a text in its order, as they are searched: in lower case, without accents, apostrophes left out,
    /// everything else that is neither letter nor digit a gap. The same for records and for what is looked for.
    ///
    /// Unicode's own tables, in whatever locale the database was made. Texts of ASCII alone take the short way.
    private static let tokens = """
        CREATE FUNCTION search.tokens(source text) RETURNS text[]
        LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 500 AS $$
        DECLARE
            folded text COLLATE "C" := left(source, 10000);
        BEGIN
            IF octet_length(folded) = char_length(folded) THEN
                folded := lower(folded);
            ELSE
                folded := regexp_replace(normalize(folded, NFKD), '[\\u0300-\\u036f]+', '', 'g');
                folded := lower(folded COLLATE "und-x-icu");
                folded := translate(folded, 'øłđðħıς’', 'olddhiσ''');
                folded := replace(replace(replace(folded, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe');
            END IF;
            folded := replace(folded, '''', '');
            RETURN string_to_array(btrim(regexp_replace(folded,
                '[^a-z0-9\\u00c0-\\u1fff\\u2070-\\u2fff\\u3040-\\U0010ffff]+', ' ', 'g')), ' ');
        END
        $$
        """

    /// What is kept of a record's texts: its words, each once, at most 200 and each of at most 40 characters, and at
    /// most 100 forms of numbers. Of those as long as a telephone's that is what follows the country's code (E.164: one
    /// digit, one of those of two, or three), the last seven and the last four digits; of others what stands behind
    /// their zeros.
    private static let words = """
        CREATE FUNCTION search.words(source text) RETURNS text[]
        LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
        DECLARE
            kept text[] := coalesce((search.tokens(source))[:200], '{}');
            word text;
        BEGIN
            FOREACH word IN ARRAY kept LOOP
                CONTINUE WHEN word !~ '^[0-9]{2,15}$';
                IF word ~ '^[0-9]{7,15}$' THEN
                    kept := kept || right(word, 7) || right(word, 4) || substr(word, CASE
                        WHEN word ~ '^[17]' THEN 2
                        WHEN word ~ '^(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])' THEN 3
                        ELSE 4 END);
                END IF;
                IF word ~ '^0[0-9]*[1-9]' THEN kept := kept || ltrim(word, '0'); END IF;
            END LOOP;
            RETURN ARRAY(SELECT DISTINCT left(k.word, 40) FROM unnest(kept[:300]) AS k(word));
        END
        $$
        """

    /// As the gate, so that whoever writes a record writes its words, and nobody writes words otherwise. Row-level
    /// security binds the gate too: the words are those of the transaction's business.
    ///
    /// Once for all rows of a statement, in the order of the key: that halves what many rows take. Arguments of
    /// the trigger: the entity, and an array of columns.
    private static let addWords = """
        CREATE FUNCTION search.add_words() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            columns text[] := TG_ARGV[1];
        BEGIN
            INSERT INTO search.word (business_id, entity, word, record_id)
                SELECT f.business_id, TG_ARGV[0], w.word, f.id
                FROM fresh f, LATERAL to_jsonb(f.*) AS j(document), LATERAL unnest(search.words(
                    (SELECT string_agg(j.document ->> c.name, ' ') FROM unnest(columns) AS c(name)))) AS w(word)
                ORDER BY w.word COLLATE "C" ON CONFLICT DO NOTHING;
            RETURN NULL;
        END
        $$
        """

    /// Of one row that was changed in a searched column, or is gone.
    private static let changeWords = """
        CREATE FUNCTION search.change_words() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            columns text[] := TG_ARGV[1];
            document jsonb := to_jsonb(OLD);
            stale text[] := search.words((SELECT string_agg(document ->> c.name, ' ') FROM unnest(columns) AS c(name)));
            fresh text[] := '{}';
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                document := to_jsonb(NEW);
                fresh := search.words((SELECT string_agg(document ->> c.name, ' ') FROM unnest(columns) AS c(name)));
            END IF;
            DELETE FROM search.word w WHERE w.business_id = OLD.business_id AND w.entity = TG_ARGV[0]
                AND w.record_id = OLD.id AND w.word = ANY (stale) AND w.word <> ALL (fresh);
            IF TG_OP = 'UPDATE' THEN
                INSERT INTO search.word (business_id, entity, word, record_id)
                    SELECT NEW.business_id, TG_ARGV[0], w.word, NEW.id FROM unnest(fresh) AS w(word)
                    ON CONFLICT DO NOTHING;
            END IF;
            RETURN NULL;
        END
        $$
        """
}
