extension Migration {
    /// The words of many new records in one statement of sets, at two thirds of what a call for each record takes.
    ///
    /// Which words a record has stays as it was; all that is written elsewhere about them holds.
    static let v0023BatchWords = Migration(
        id: 23, name: "BatchWords",
        statements: [
            numberForms,
            "REVOKE EXECUTE ON FUNCTION search.number_forms(text) FROM PUBLIC",
            "GRANT EXECUTE ON FUNCTION search.number_forms(text) TO thorbis_app, thorbis_gate",
            words,
            "GRANT CREATE ON SCHEMA search TO thorbis_gate", "SET LOCAL ROLE NONE",
            loginMembership("GRANT", "TO"), "SET LOCAL ROLE thorbis_gate",
            addWords,
            "SET LOCAL ROLE NONE", loginMembership("REVOKE", "FROM"), "SET LOCAL ROLE thorbis_owner",
            "REVOKE CREATE ON SCHEMA search FROM thorbis_gate",
        ])

    /// What a number is found by beside itself, and nothing for other words. Of those as long as a telephone's: the
    /// last seven and the last four digits, and what follows the country's code (E.164: one digit, one of those of
    /// two, or three). Of others: what stands behind their zeros.
    private static let numberForms = """
        CREATE FUNCTION search.number_forms(word text) RETURNS text[]
        LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100 AS $$
        DECLARE
            digits text COLLATE "C" := word;
            forms text[] := '{}';
        BEGIN
            IF digits !~ '^[0-9]{2,15}$' THEN RETURN forms; END IF;
            IF length(digits) >= 7 THEN
                forms := ARRAY[right(digits, 7), right(digits, 4), substr(digits, CASE
                    WHEN digits ~ '^[17]' THEN 2
                    WHEN digits ~ '^(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])' THEN 3
                    ELSE 4 END)];
            END IF;
            IF digits ~ '^0[0-9]*[1-9]' THEN forms := forms || ltrim(digits, '0'); END IF;
            RETURN forms;
        END
        $$
        """

    /// As ever: a record's words, each once, at most 200 and each of at most 40 characters, and at most 100 forms of
    /// numbers. What begins with no digit is no number: that is one comparison.
    private static let words = """
        CREATE OR REPLACE FUNCTION search.words(source text) RETURNS text[]
        LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
        DECLARE
            kept text[] := coalesce((search.tokens(source))[:200], '{}');
            word text COLLATE "C";
        BEGIN
            FOREACH word IN ARRAY kept LOOP
                CONTINUE WHEN word >= ':';
                kept := kept || search.number_forms(word);
            END LOOP;
            RETURN ARRAY(SELECT DISTINCT left(k.word, 40) FROM unnest(kept[:300]) AS k(word));
        END
        $$
        """

    /// Few records are taken one by one, without planning anything. From twenty on, one statement names their columns
    /// and takes them as a set, in the order of the key; records of more than 60 words, whose words and forms could
    /// be more than are kept, by `search.words`.
    ///
    /// New records have no words yet, so nothing is asked about that first, which saves a third. Should some be there,
    /// left by a record of the same id in a time without these triggers, it is asked after all.
    private static let addWords = """
        CREATE OR REPLACE FUNCTION search.add_words() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            columns text[] := TG_ARGV[1];
            batch text;
        BEGIN
            IF EXISTS (SELECT FROM fresh OFFSET 19) THEN
                batch := format('
                    WITH source AS MATERIALIZED (
                        SELECT f.business_id, f.id, t.text, search.tokens(t.text) AS tokens
                        FROM fresh f, LATERAL (SELECT concat_ws('' '', %s) OFFSET 0) AS t(text)),
                    token AS (
                        SELECT s.business_id, s.id, unnest(s.tokens) COLLATE "C" AS word FROM source s
                        WHERE cardinality(s.tokens) <= 60),
                    found AS (
                        SELECT t.business_id, t.id, unnest(CASE WHEN t.word >= '':'' THEN ARRAY[t.word]
                            ELSE t.word || search.number_forms(t.word) END) AS word FROM token t
                        UNION ALL
                        SELECT s.business_id, s.id, unnest(search.words(s.text)) FROM source s
                        WHERE cardinality(s.tokens) > 60)
                    INSERT INTO search.word (business_id, entity, word, record_id)
                    SELECT DISTINCT ON (w.word, f.id, f.business_id) f.business_id, $1, w.word, f.id
                    FROM found f, LATERAL (SELECT left(f.word, 40) COLLATE "C") AS w(word)
                    ORDER BY w.word, f.id, f.business_id',
                    (SELECT string_agg(quote_ident(c.name), ', ') FROM unnest(columns) AS c(name)));
                BEGIN
                    EXECUTE batch USING TG_ARGV[0];
                EXCEPTION WHEN unique_violation THEN
                    EXECUTE batch || ' ON CONFLICT DO NOTHING' USING TG_ARGV[0];
                END;
            ELSE
                INSERT INTO search.word (business_id, entity, word, record_id)
                    SELECT f.business_id, TG_ARGV[0], w.word, f.id
                    FROM fresh f, LATERAL to_jsonb(f.*) AS j(document), LATERAL unnest(search.words(
                        (SELECT string_agg(j.document ->> c.name, ' ') FROM unnest(columns) AS c(name)))) AS w(word)
                    ORDER BY w.word COLLATE "C" ON CONFLICT DO NOTHING;
            END IF;
            RETURN NULL;
        END
        $$
        """
}
