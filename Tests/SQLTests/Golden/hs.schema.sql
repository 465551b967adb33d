CREATE SCHEMA "hs";
GRANT USAGE ON SCHEMA "hs" TO thorbis_app;
CREATE FUNCTION "hs".refuse() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[1] USING ERRCODE = TG_ARGV[0], CONSTRAINT = TG_NAME,
        SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END
$$;
REVOKE ALL ON FUNCTION "hs".refuse() FROM PUBLIC;
CREATE TABLE "hs"."service_location" (
    "business_id" uuid NOT NULL,
    "id" uuid NOT NULL,
    "version" integer NOT NULL DEFAULT 1,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "created_by" uuid NOT NULL,
    "updated_by" uuid NOT NULL,
    "external_id" text,
    "custom" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "archived_at" timestamptz,
    "party_id" uuid NOT NULL,
    "name" text,
    "line1" text NOT NULL,
    "line2" text,
    "city" text,
    "region" text,
    "postal_code" text,
    "country" text NOT NULL,
    "access_notes" text,
    CONSTRAINT "service_location_pkey" PRIMARY KEY (business_id, id),
    CONSTRAINT "service_location_business_id_fkey" FOREIGN KEY (business_id) REFERENCES businesses.business (id),
    CONSTRAINT "service_location_external_id_type" CHECK (char_length("external_id") <= 200),
    CONSTRAINT "service_location_custom_type" CHECK (jsonb_typeof("custom") = 'object' AND octet_length("custom"::text) <= 65536),
    CONSTRAINT "service_location_name_type" CHECK (char_length("name") <= 200),
    CONSTRAINT "service_location_line1_type" CHECK (char_length("line1") BETWEEN 1 AND 200),
    CONSTRAINT "service_location_line2_type" CHECK (char_length("line2") <= 200),
    CONSTRAINT "service_location_city_type" CHECK (char_length("city") <= 100),
    CONSTRAINT "service_location_region_type" CHECK (char_length("region") <= 100),
    CONSTRAINT "service_location_postal_code_type" CHECK (char_length("postal_code") <= 20),
    CONSTRAINT "service_location_country_type" CHECK ("country" ~ '^[A-Z]{2}$'),
    CONSTRAINT "service_location_access_notes_type" CHECK (char_length("access_notes") <= 2000)
);
CREATE TABLE "hs"."territory" (
    "business_id" uuid NOT NULL,
    "id" uuid NOT NULL,
    "version" integer NOT NULL DEFAULT 1,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "created_by" uuid NOT NULL,
    "updated_by" uuid NOT NULL,
    "external_id" text,
    "custom" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "archived_at" timestamptz,
    "name" text NOT NULL,
    "postal_codes" text,
    CONSTRAINT "territory_pkey" PRIMARY KEY (business_id, id),
    CONSTRAINT "territory_business_id_fkey" FOREIGN KEY (business_id) REFERENCES businesses.business (id),
    CONSTRAINT "territory_name_key" UNIQUE (business_id, "name"),
    CONSTRAINT "territory_external_id_type" CHECK (char_length("external_id") <= 200),
    CONSTRAINT "territory_custom_type" CHECK (jsonb_typeof("custom") = 'object' AND octet_length("custom"::text) <= 65536),
    CONSTRAINT "territory_name_type" CHECK (char_length("name") BETWEEN 1 AND 200),
    CONSTRAINT "territory_postal_codes_type" CHECK (char_length("postal_codes") <= 4000)
);
CREATE TABLE "hs"."work_order" (
    "business_id" uuid NOT NULL,
    "id" uuid NOT NULL,
    "version" integer NOT NULL DEFAULT 1,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "created_by" uuid NOT NULL,
    "updated_by" uuid NOT NULL,
    "external_id" text,
    "custom" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "number" text,
    "party_id" uuid NOT NULL,
    "service_location_id" uuid NOT NULL,
    "priority" text NOT NULL DEFAULT 'normal'::text,
    "summary" text NOT NULL,
    "internal_notes" text,
    "customer_po" text,
    "currency" text,
    "tax_rounding" text NOT NULL DEFAULT 'document'::text,
    "starts_at" timestamptz,
    "ends_at" timestamptz,
    "completed_at" timestamptz,
    "resolution" text,
    "invoice_id" uuid,
    "subtotal_minor" bigint NOT NULL DEFAULT '0'::bigint,
    "discount_minor" bigint NOT NULL DEFAULT '0'::bigint,
    "tax_minor" bigint NOT NULL DEFAULT '0'::bigint,
    "total_minor" bigint NOT NULL DEFAULT '0'::bigint,
    "status" text NOT NULL DEFAULT 'draft'::text,
    CONSTRAINT "work_order_pkey" PRIMARY KEY (business_id, id),
    CONSTRAINT "work_order_business_id_fkey" FOREIGN KEY (business_id) REFERENCES businesses.business (id),
    CONSTRAINT "work_order_number_key" UNIQUE (business_id, "number"),
    CONSTRAINT "work_order_external_id_type" CHECK (char_length("external_id") <= 200),
    CONSTRAINT "work_order_custom_type" CHECK (jsonb_typeof("custom") = 'object' AND octet_length("custom"::text) <= 65536),
    CONSTRAINT "work_order_number_type" CHECK (char_length("number") BETWEEN 1 AND 64),
    CONSTRAINT "work_order_priority_type" CHECK ("priority" IN ('low', 'normal', 'high', 'urgent')),
    CONSTRAINT "work_order_summary_type" CHECK (char_length("summary") BETWEEN 1 AND 2000),
    CONSTRAINT "work_order_internal_notes_type" CHECK (char_length("internal_notes") <= 4000),
    CONSTRAINT "work_order_customer_po_type" CHECK (char_length("customer_po") <= 100),
    CONSTRAINT "work_order_currency_type" CHECK ("currency" ~ '^[A-Z]{3}$'),
    CONSTRAINT "work_order_tax_rounding_type" CHECK ("tax_rounding" IN ('line', 'document')),
    CONSTRAINT "work_order_resolution_type" CHECK (char_length("resolution") <= 4000),
    CONSTRAINT "work_order_subtotal_minor_type" CHECK ("subtotal_minor" BETWEEN -9007199254740991 AND 9007199254740991),
    CONSTRAINT "work_order_discount_minor_type" CHECK ("discount_minor" BETWEEN 0 AND 9007199254740991),
    CONSTRAINT "work_order_tax_minor_type" CHECK ("tax_minor" BETWEEN -9007199254740991 AND 9007199254740991),
    CONSTRAINT "work_order_total_minor_type" CHECK ("total_minor" BETWEEN -9007199254740991 AND 9007199254740991),
    CONSTRAINT "work_order_status_type" CHECK ("status" IN ('draft', 'scheduled', 'on_hold', 'in_progress', 'completed', 'invoiced', 'paid', 'cancelled')),
    CONSTRAINT "work_order_planned_window_check" CHECK ("ends_at" > "starts_at")
);
CREATE TABLE "hs"."work_order_line" (
    "business_id" uuid NOT NULL,
    "id" uuid NOT NULL,
    "version" integer NOT NULL DEFAULT 1,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "created_by" uuid NOT NULL,
    "updated_by" uuid NOT NULL,
    "external_id" text,
    "custom" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "work_order_id" uuid NOT NULL,
    "position" bigint NOT NULL,
    "kind" text NOT NULL DEFAULT 'service'::text,
    "item_id" uuid,
    "description" text NOT NULL,
    "qty_milli" bigint NOT NULL,
    "unit_price_minor" bigint NOT NULL,
    "price_scale" bigint NOT NULL DEFAULT '0'::bigint,
    "tax_rate_ppm" integer NOT NULL DEFAULT '0'::integer,
    "discount_minor" bigint NOT NULL DEFAULT '0'::bigint,
    "net_minor" bigint NOT NULL,
    "tax_minor" bigint NOT NULL,
    "total_minor" bigint NOT NULL,
    CONSTRAINT "work_order_line_pkey" PRIMARY KEY (business_id, id),
    CONSTRAINT "work_order_line_business_id_fkey" FOREIGN KEY (business_id) REFERENCES businesses.business (id),
    CONSTRAINT "work_order_line_work_order_id_position_key" UNIQUE (business_id, "work_order_id", "position"),
    CONSTRAINT "work_order_line_external_id_type" CHECK (char_length("external_id") <= 200),
    CONSTRAINT "work_order_line_custom_type" CHECK (jsonb_typeof("custom") = 'object' AND octet_length("custom"::text) <= 65536),
    CONSTRAINT "work_order_line_position_type" CHECK ("position" BETWEEN 1 AND 1000),
    CONSTRAINT "work_order_line_kind_type" CHECK ("kind" IN ('service', 'material', 'equipment', 'fee')),
    CONSTRAINT "work_order_line_description_type" CHECK (char_length("description") <= 500),
    CONSTRAINT "work_order_line_qty_milli_type" CHECK ("qty_milli" BETWEEN -9007199254740991 AND 9007199254740991),
    CONSTRAINT "work_order_line_unit_price_minor_type" CHECK ("unit_price_minor" BETWEEN 0 AND 9007199254740991),
    CONSTRAINT "work_order_line_price_scale_type" CHECK ("price_scale" BETWEEN 0 AND 4),
    CONSTRAINT "work_order_line_tax_rate_ppm_type" CHECK ("tax_rate_ppm" BETWEEN 0 AND 10000000),
    CONSTRAINT "work_order_line_discount_minor_type" CHECK ("discount_minor" BETWEEN 0 AND 9007199254740991),
    CONSTRAINT "work_order_line_net_minor_type" CHECK ("net_minor" BETWEEN -9007199254740991 AND 9007199254740991),
    CONSTRAINT "work_order_line_tax_minor_type" CHECK ("tax_minor" BETWEEN -9007199254740991 AND 9007199254740991),
    CONSTRAINT "work_order_line_total_minor_type" CHECK ("total_minor" BETWEEN -9007199254740991 AND 9007199254740991)
);
ALTER TABLE "hs"."service_location" ADD CONSTRAINT "service_location_party_id_fkey" FOREIGN KEY (business_id, "party_id") REFERENCES "core"."party" (business_id, id);
ALTER TABLE "hs"."work_order" ADD CONSTRAINT "work_order_party_id_fkey" FOREIGN KEY (business_id, "party_id") REFERENCES "core"."party" (business_id, id);
ALTER TABLE "hs"."work_order" ADD CONSTRAINT "work_order_service_location_id_fkey" FOREIGN KEY (business_id, "service_location_id") REFERENCES "hs"."service_location" (business_id, id);
ALTER TABLE "hs"."work_order" ADD CONSTRAINT "work_order_invoice_id_fkey" FOREIGN KEY (business_id, "invoice_id") REFERENCES "core"."invoice" (business_id, id);
ALTER TABLE "hs"."work_order_line" ADD CONSTRAINT "work_order_line_work_order_id_fkey" FOREIGN KEY (business_id, "work_order_id") REFERENCES "hs"."work_order" (business_id, id) ON DELETE CASCADE;
ALTER TABLE "hs"."work_order_line" ADD CONSTRAINT "work_order_line_item_id_fkey" FOREIGN KEY (business_id, "item_id") REFERENCES "core"."item" (business_id, id);
CREATE UNIQUE INDEX "service_location_external_id_key" ON "hs"."service_location" (business_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX "service_location_created_at_idx" ON "hs"."service_location" (business_id, "created_at", id);
CREATE INDEX "service_location_party_id_idx" ON "hs"."service_location" (business_id, "party_id", id);
CREATE INDEX "service_location_updated_at_idx" ON "hs"."service_location" (business_id, "updated_at", id);
CREATE UNIQUE INDEX "territory_external_id_key" ON "hs"."territory" (business_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX "territory_created_at_idx" ON "hs"."territory" (business_id, "created_at", id);
CREATE INDEX "territory_name_idx" ON "hs"."territory" (business_id, "name", id);
CREATE INDEX "territory_updated_at_idx" ON "hs"."territory" (business_id, "updated_at", id);
CREATE UNIQUE INDEX "work_order_external_id_key" ON "hs"."work_order" (business_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX "work_order_created_at_idx" ON "hs"."work_order" (business_id, "created_at", id);
CREATE INDEX "work_order_number_idx" ON "hs"."work_order" (business_id, "number", id);
CREATE INDEX "work_order_starts_at_idx" ON "hs"."work_order" (business_id, "starts_at", id);
CREATE INDEX "work_order_status_starts_at_idx" ON "hs"."work_order" (business_id, "status", "starts_at", id);
CREATE INDEX "work_order_party_id_idx" ON "hs"."work_order" (business_id, "party_id", id);
CREATE INDEX "work_order_service_location_id_idx" ON "hs"."work_order" (business_id, "service_location_id", id);
CREATE INDEX "work_order_invoice_id_idx" ON "hs"."work_order" (business_id, "invoice_id", id);
CREATE INDEX "work_order_updated_at_idx" ON "hs"."work_order" (business_id, "updated_at", id);
CREATE UNIQUE INDEX "work_order_line_external_id_key" ON "hs"."work_order_line" (business_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX "work_order_line_created_at_idx" ON "hs"."work_order_line" (business_id, "created_at", id);
CREATE INDEX "work_order_line_work_order_id_idx" ON "hs"."work_order_line" (business_id, "work_order_id", id);
CREATE INDEX "work_order_line_item_id_idx" ON "hs"."work_order_line" (business_id, "item_id", id);
CREATE TRIGGER "service_location_version_start" BEFORE INSERT ON "hs"."service_location" FOR EACH ROW WHEN (NEW.version <> 1 AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "hs".refuse('TB002', 'a record starts at version 1');
CREATE TRIGGER "service_location_version_step" BEFORE UPDATE ON "hs"."service_location" FOR EACH ROW WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION "hs".refuse('TB002', 'a version counts up by one');
CREATE TRIGGER "service_location_identity" BEFORE UPDATE ON "hs"."service_location" FOR EACH ROW WHEN ((NEW."business_id", NEW."id", NEW."created_at", NEW."created_by") IS DISTINCT FROM (OLD."business_id", OLD."id", OLD."created_at", OLD."created_by")) EXECUTE FUNCTION "hs".refuse('TB003', 'a record keeps its identity');
CREATE TRIGGER "service_location_words_start" AFTER INSERT ON "hs"."service_location" REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search.add_words('hs.service_location', '{"name","line1","city"}');
CREATE TRIGGER "service_location_words_step" AFTER UPDATE ON "hs"."service_location" FOR EACH ROW WHEN (OLD."name" COLLATE "C" IS DISTINCT FROM NEW."name" COLLATE "C" OR OLD."line1" COLLATE "C" IS DISTINCT FROM NEW."line1" COLLATE "C" OR OLD."city" COLLATE "C" IS DISTINCT FROM NEW."city" COLLATE "C") EXECUTE FUNCTION search.change_words('hs.service_location', '{"name","line1","city"}');
CREATE TRIGGER "service_location_words_end" AFTER DELETE ON "hs"."service_location" FOR EACH ROW EXECUTE FUNCTION search.change_words('hs.service_location', '{"name","line1","city"}');
CREATE TRIGGER "territory_version_start" BEFORE INSERT ON "hs"."territory" FOR EACH ROW WHEN (NEW.version <> 1 AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "hs".refuse('TB002', 'a record starts at version 1');
CREATE TRIGGER "territory_version_step" BEFORE UPDATE ON "hs"."territory" FOR EACH ROW WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION "hs".refuse('TB002', 'a version counts up by one');
CREATE TRIGGER "territory_identity" BEFORE UPDATE ON "hs"."territory" FOR EACH ROW WHEN ((NEW."business_id", NEW."id", NEW."created_at", NEW."created_by") IS DISTINCT FROM (OLD."business_id", OLD."id", OLD."created_at", OLD."created_by")) EXECUTE FUNCTION "hs".refuse('TB003', 'a record keeps its identity');
CREATE TRIGGER "work_order_version_start" BEFORE INSERT ON "hs"."work_order" FOR EACH ROW WHEN (NEW.version <> 1 AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "hs".refuse('TB002', 'a record starts at version 1');
CREATE TRIGGER "work_order_version_step" BEFORE UPDATE ON "hs"."work_order" FOR EACH ROW WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION "hs".refuse('TB002', 'a version counts up by one');
CREATE TRIGGER "work_order_identity" BEFORE UPDATE ON "hs"."work_order" FOR EACH ROW WHEN ((NEW."business_id", NEW."id", NEW."created_at", NEW."created_by") IS DISTINCT FROM (OLD."business_id", OLD."id", OLD."created_at", OLD."created_by")) EXECUTE FUNCTION "hs".refuse('TB003', 'a record keeps its identity');
CREATE TRIGGER "work_order_status_start" BEFORE INSERT ON "hs"."work_order" FOR EACH ROW WHEN (NEW."status" <> 'draft' AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "hs".refuse('TB001', 'a record starts in its initial status');
CREATE TRIGGER "work_order_status_step" BEFORE UPDATE ON "hs"."work_order" FOR EACH ROW WHEN (OLD."status" <> NEW."status" AND (OLD."status", NEW."status") NOT IN (('draft', 'scheduled'), ('scheduled', 'scheduled'), ('on_hold', 'scheduled'), ('scheduled', 'in_progress'), ('scheduled', 'on_hold'), ('in_progress', 'on_hold'), ('in_progress', 'completed'), ('completed', 'invoiced'), ('invoiced', 'paid'), ('completed', 'in_progress'), ('draft', 'cancelled'), ('scheduled', 'cancelled'), ('on_hold', 'cancelled'))) EXECUTE FUNCTION "hs".refuse('TB001', 'a status changes by declared transitions');
CREATE TRIGGER "work_order_status_history" AFTER UPDATE ON "hs"."work_order" FOR EACH ROW WHEN (OLD."status" <> NEW."status") EXECUTE FUNCTION states.expect_history('hs.work_order', 'status', 'schedule|draft|scheduled,schedule|scheduled|scheduled,schedule|on_hold|scheduled,start|scheduled|in_progress,complete|in_progress|completed,invoice|completed|invoiced,pay|invoiced|paid', 'hold|scheduled|on_hold,hold|in_progress|on_hold,reopen|completed|in_progress,cancel|draft|cancelled,cancel|scheduled|cancelled,cancel|on_hold|cancelled');
CREATE TRIGGER "work_order_words_start" AFTER INSERT ON "hs"."work_order" REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search.add_words('hs.work_order', '{"number","summary"}');
CREATE TRIGGER "work_order_words_step" AFTER UPDATE ON "hs"."work_order" FOR EACH ROW WHEN (OLD."number" COLLATE "C" IS DISTINCT FROM NEW."number" COLLATE "C" OR OLD."summary" COLLATE "C" IS DISTINCT FROM NEW."summary" COLLATE "C") EXECUTE FUNCTION search.change_words('hs.work_order', '{"number","summary"}');
CREATE TRIGGER "work_order_words_end" AFTER DELETE ON "hs"."work_order" FOR EACH ROW EXECUTE FUNCTION search.change_words('hs.work_order', '{"number","summary"}');
CREATE TRIGGER "work_order_line_version_start" BEFORE INSERT ON "hs"."work_order_line" FOR EACH ROW WHEN (NEW.version <> 1 AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "hs".refuse('TB002', 'a record starts at version 1');
CREATE TRIGGER "work_order_line_version_step" BEFORE UPDATE ON "hs"."work_order_line" FOR EACH ROW WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION "hs".refuse('TB002', 'a version counts up by one');
CREATE TRIGGER "work_order_line_identity" BEFORE UPDATE ON "hs"."work_order_line" FOR EACH ROW WHEN ((NEW."business_id", NEW."id", NEW."created_at", NEW."created_by", NEW."work_order_id") IS DISTINCT FROM (OLD."business_id", OLD."id", OLD."created_at", OLD."created_by", OLD."work_order_id")) EXECUTE FUNCTION "hs".refuse('TB003', 'a record keeps its identity');
ALTER TABLE "hs"."service_location" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "hs"."service_location" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "hs"."service_location" AS PERMISSIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
CREATE POLICY tenant_floor ON "hs"."service_location" AS RESTRICTIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
GRANT SELECT, INSERT, UPDATE ON "hs"."service_location" TO thorbis_app;
ALTER TABLE "hs"."territory" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "hs"."territory" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "hs"."territory" AS PERMISSIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
CREATE POLICY tenant_floor ON "hs"."territory" AS RESTRICTIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
GRANT SELECT, INSERT, UPDATE ON "hs"."territory" TO thorbis_app;
ALTER TABLE "hs"."work_order" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "hs"."work_order" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "hs"."work_order" AS PERMISSIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
CREATE POLICY tenant_floor ON "hs"."work_order" AS RESTRICTIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
GRANT SELECT, INSERT, UPDATE ON "hs"."work_order" TO thorbis_app;
ALTER TABLE "hs"."work_order_line" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "hs"."work_order_line" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "hs"."work_order_line" AS PERMISSIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
CREATE POLICY tenant_floor ON "hs"."work_order_line" AS RESTRICTIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON "hs"."work_order_line" TO thorbis_app;
