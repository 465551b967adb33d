CREATE SCHEMA "core";
GRANT USAGE ON SCHEMA "core" TO thorbis_app;
CREATE FUNCTION "core".refuse() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[1] USING ERRCODE = TG_ARGV[0], CONSTRAINT = TG_NAME,
        SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END
$$;
REVOKE ALL ON FUNCTION "core".refuse() FROM PUBLIC;
CREATE FUNCTION "core".queue() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    named jsonb := to_jsonb(NEW);
    key text := TG_ARGV[0] || ' ' || TG_ARGV[1] || ' ' || NEW.business_id;
BEGIN
    FOR i IN 2 .. TG_NARGS - 1 LOOP
        key := key || ' ' || coalesce(named ->> TG_ARGV[i], '');
    END LOOP;
    PERFORM pg_advisory_xact_lock(hashtextextended(key, 0));
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION "core".queue() FROM PUBLIC;
CREATE TABLE "core"."party" (
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
    "kind" text NOT NULL DEFAULT 'person'::text,
    "display_name" text NOT NULL,
    "first_name" text,
    "last_name" text,
    "company_name" text,
    "email" text,
    "phone" text,
    "roles" text[] NOT NULL DEFAULT '{}'::text[],
    "tax_exempt" boolean NOT NULL DEFAULT 'false'::boolean,
    "payment_terms_days" bigint NOT NULL DEFAULT '0'::bigint,
    "do_not_service" boolean NOT NULL DEFAULT 'false'::boolean,
    "notes" text,
    CONSTRAINT "party_pkey" PRIMARY KEY (business_id, id),
    CONSTRAINT "party_business_id_fkey" FOREIGN KEY (business_id) REFERENCES businesses.business (id),
    CONSTRAINT "party_external_id_type" CHECK (char_length("external_id") <= 200),
    CONSTRAINT "party_custom_type" CHECK (jsonb_typeof("custom") = 'object' AND octet_length("custom"::text) <= 65536),
    CONSTRAINT "party_kind_type" CHECK ("kind" IN ('person', 'company')),
    CONSTRAINT "party_display_name_type" CHECK (char_length("display_name") BETWEEN 1 AND 200),
    CONSTRAINT "party_first_name_type" CHECK (char_length("first_name") <= 100),
    CONSTRAINT "party_last_name_type" CHECK (char_length("last_name") <= 100),
    CONSTRAINT "party_company_name_type" CHECK (char_length("company_name") <= 200),
    CONSTRAINT "party_email_type" CHECK ("email" = lower("email") AND char_length("email") <= 320 AND "email" ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    CONSTRAINT "party_phone_type" CHECK ("phone" ~ '^\+[0-9]{8,15}$'),
    CONSTRAINT "party_roles_type" CHECK ("roles" <@ ARRAY['customer', 'vendor', 'employee', 'contact']::text[]),
    CONSTRAINT "party_payment_terms_days_type" CHECK ("payment_terms_days" BETWEEN 0 AND 365),
    CONSTRAINT "party_notes_type" CHECK (char_length("notes") <= 4000)
);
CREATE TABLE "core"."item" (
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
    "type" text NOT NULL DEFAULT 'service'::text,
    "sku" text,
    "name" text NOT NULL,
    "description" text,
    "unit" text NOT NULL DEFAULT 'each'::text,
    "unit_price_minor" bigint NOT NULL,
    "price_scale" bigint NOT NULL DEFAULT '0'::bigint,
    "tax_rate_ppm" integer NOT NULL DEFAULT '0'::integer,
    "active" boolean NOT NULL DEFAULT 'true'::boolean,
    CONSTRAINT "item_pkey" PRIMARY KEY (business_id, id),
    CONSTRAINT "item_business_id_fkey" FOREIGN KEY (business_id) REFERENCES businesses.business (id),
    CONSTRAINT "item_sku_key" UNIQUE (business_id, "sku"),
    CONSTRAINT "item_external_id_type" CHECK (char_length("external_id") <= 200),
    CONSTRAINT "item_custom_type" CHECK (jsonb_typeof("custom") = 'object' AND octet_length("custom"::text) <= 65536),
    CONSTRAINT "item_type_type" CHECK ("type" IN ('service', 'material', 'part', 'product', 'menu_item', 'fee')),
    CONSTRAINT "item_sku_type" CHECK (char_length("sku") BETWEEN 1 AND 64),
    CONSTRAINT "item_name_type" CHECK (char_length("name") BETWEEN 1 AND 200),
    CONSTRAINT "item_description_type" CHECK (char_length("description") <= 4000),
    CONSTRAINT "item_unit_type" CHECK ("unit" IN ('each', 'hour', 'kg', 'l', 'm')),
    CONSTRAINT "item_unit_price_minor_type" CHECK ("unit_price_minor" BETWEEN 0 AND 9007199254740991),
    CONSTRAINT "item_price_scale_type" CHECK ("price_scale" BETWEEN 0 AND 4),
    CONSTRAINT "item_tax_rate_ppm_type" CHECK ("tax_rate_ppm" BETWEEN 0 AND 10000000)
);
CREATE TABLE "core"."invoice" (
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
    "party_name" text NOT NULL,
    "currency" text NOT NULL,
    "tax_rounding" text NOT NULL DEFAULT 'document'::text,
    "issue_date" date,
    "due_date" date,
    "source_entity" text,
    "source" uuid,
    "subtotal_minor" bigint NOT NULL DEFAULT '0'::bigint,
    "discount_minor" bigint NOT NULL DEFAULT '0'::bigint,
    "tax_minor" bigint NOT NULL DEFAULT '0'::bigint,
    "total_minor" bigint NOT NULL DEFAULT '0'::bigint,
    "balance_minor" bigint NOT NULL DEFAULT '0'::bigint,
    "status" text NOT NULL DEFAULT 'draft'::text,
    CONSTRAINT "invoice_pkey" PRIMARY KEY (business_id, id),
    CONSTRAINT "invoice_business_id_fkey" FOREIGN KEY (business_id) REFERENCES businesses.business (id),
    CONSTRAINT "invoice_number_key" UNIQUE (business_id, "number"),
    CONSTRAINT "invoice_external_id_type" CHECK (char_length("external_id") <= 200),
    CONSTRAINT "invoice_custom_type" CHECK (jsonb_typeof("custom") = 'object' AND octet_length("custom"::text) <= 65536),
    CONSTRAINT "invoice_number_type" CHECK (char_length("number") BETWEEN 1 AND 64),
    CONSTRAINT "invoice_party_name_type" CHECK (char_length("party_name") <= 200),
    CONSTRAINT "invoice_currency_type" CHECK ("currency" ~ '^[A-Z]{3}$'),
    CONSTRAINT "invoice_tax_rounding_type" CHECK ("tax_rounding" IN ('line', 'document')),
    CONSTRAINT "invoice_source_entity_type" CHECK (char_length("source_entity") <= 64),
    CONSTRAINT "invoice_subtotal_minor_type" CHECK ("subtotal_minor" BETWEEN -9007199254740991 AND 9007199254740991),
    CONSTRAINT "invoice_discount_minor_type" CHECK ("discount_minor" BETWEEN 0 AND 9007199254740991),
    CONSTRAINT "invoice_tax_minor_type" CHECK ("tax_minor" BETWEEN -9007199254740991 AND 9007199254740991),
    CONSTRAINT "invoice_total_minor_type" CHECK ("total_minor" BETWEEN -9007199254740991 AND 9007199254740991),
    CONSTRAINT "invoice_balance_minor_type" CHECK ("balance_minor" BETWEEN -9007199254740991 AND 9007199254740991),
    CONSTRAINT "invoice_status_type" CHECK ("status" IN ('draft', 'issued', 'partially_paid', 'paid', 'void')),
    CONSTRAINT "invoice_balance_within_total_check" CHECK ("balance_minor" <= "total_minor"),
    CONSTRAINT "invoice_balance_not_negative_check" CHECK ("balance_minor" >= 0)
);
CREATE TABLE "core"."invoice_line" (
    "business_id" uuid NOT NULL,
    "id" uuid NOT NULL,
    "version" integer NOT NULL DEFAULT 1,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "created_by" uuid NOT NULL,
    "updated_by" uuid NOT NULL,
    "external_id" text,
    "custom" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "invoice_id" uuid NOT NULL,
    "position" bigint NOT NULL,
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
    CONSTRAINT "invoice_line_pkey" PRIMARY KEY (business_id, id),
    CONSTRAINT "invoice_line_business_id_fkey" FOREIGN KEY (business_id) REFERENCES businesses.business (id),
    CONSTRAINT "invoice_line_invoice_id_position_key" UNIQUE (business_id, "invoice_id", "position"),
    CONSTRAINT "invoice_line_external_id_type" CHECK (char_length("external_id") <= 200),
    CONSTRAINT "invoice_line_custom_type" CHECK (jsonb_typeof("custom") = 'object' AND octet_length("custom"::text) <= 65536),
    CONSTRAINT "invoice_line_position_type" CHECK ("position" BETWEEN 1 AND 1000),
    CONSTRAINT "invoice_line_description_type" CHECK (char_length("description") <= 500),
    CONSTRAINT "invoice_line_qty_milli_type" CHECK ("qty_milli" BETWEEN -9007199254740991 AND 9007199254740991),
    CONSTRAINT "invoice_line_unit_price_minor_type" CHECK ("unit_price_minor" BETWEEN 0 AND 9007199254740991),
    CONSTRAINT "invoice_line_price_scale_type" CHECK ("price_scale" BETWEEN 0 AND 4),
    CONSTRAINT "invoice_line_tax_rate_ppm_type" CHECK ("tax_rate_ppm" BETWEEN 0 AND 10000000),
    CONSTRAINT "invoice_line_discount_minor_type" CHECK ("discount_minor" BETWEEN 0 AND 9007199254740991),
    CONSTRAINT "invoice_line_net_minor_type" CHECK ("net_minor" BETWEEN -9007199254740991 AND 9007199254740991),
    CONSTRAINT "invoice_line_tax_minor_type" CHECK ("tax_minor" BETWEEN -9007199254740991 AND 9007199254740991),
    CONSTRAINT "invoice_line_total_minor_type" CHECK ("total_minor" BETWEEN -9007199254740991 AND 9007199254740991)
);
CREATE TABLE "core"."payment" (
    "business_id" uuid NOT NULL,
    "id" uuid NOT NULL,
    "version" integer NOT NULL DEFAULT 1,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "created_by" uuid NOT NULL,
    "updated_by" uuid NOT NULL,
    "external_id" text,
    "custom" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "direction" text NOT NULL DEFAULT 'in'::text,
    "method" text NOT NULL,
    "amount_minor" bigint NOT NULL,
    "tip_minor" bigint NOT NULL DEFAULT '0'::bigint,
    "currency" text NOT NULL,
    "party_id" uuid,
    "provider" text,
    "provider_ref" text,
    "received_at" timestamptz NOT NULL,
    "status" text NOT NULL DEFAULT 'pending'::text,
    CONSTRAINT "payment_pkey" PRIMARY KEY (business_id, id),
    CONSTRAINT "payment_business_id_fkey" FOREIGN KEY (business_id) REFERENCES businesses.business (id),
    CONSTRAINT "payment_provider_provider_ref_key" UNIQUE (business_id, "provider", "provider_ref"),
    CONSTRAINT "payment_external_id_type" CHECK (char_length("external_id") <= 200),
    CONSTRAINT "payment_custom_type" CHECK (jsonb_typeof("custom") = 'object' AND octet_length("custom"::text) <= 65536),
    CONSTRAINT "payment_direction_type" CHECK ("direction" IN ('in', 'out')),
    CONSTRAINT "payment_method_type" CHECK ("method" IN ('cash', 'card', 'check', 'ach', 'external')),
    CONSTRAINT "payment_amount_minor_type" CHECK ("amount_minor" BETWEEN 1 AND 9007199254740991),
    CONSTRAINT "payment_tip_minor_type" CHECK ("tip_minor" BETWEEN 0 AND 9007199254740991),
    CONSTRAINT "payment_currency_type" CHECK ("currency" ~ '^[A-Z]{3}$'),
    CONSTRAINT "payment_provider_type" CHECK (char_length("provider") <= 50),
    CONSTRAINT "payment_provider_ref_type" CHECK (char_length("provider_ref") <= 200),
    CONSTRAINT "payment_status_type" CHECK ("status" IN ('pending', 'captured', 'failed'))
);
CREATE TABLE "core"."allocation" (
    "business_id" uuid NOT NULL,
    "id" uuid NOT NULL,
    "version" integer NOT NULL DEFAULT 1,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "created_by" uuid NOT NULL,
    "updated_by" uuid NOT NULL,
    "external_id" text,
    "custom" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "payment_id" uuid NOT NULL,
    "invoice_id" uuid NOT NULL,
    "amount_minor" bigint NOT NULL,
    CONSTRAINT "allocation_pkey" PRIMARY KEY (business_id, id),
    CONSTRAINT "allocation_business_id_fkey" FOREIGN KEY (business_id) REFERENCES businesses.business (id),
    CONSTRAINT "allocation_external_id_type" CHECK (char_length("external_id") <= 200),
    CONSTRAINT "allocation_custom_type" CHECK (jsonb_typeof("custom") = 'object' AND octet_length("custom"::text) <= 65536),
    CONSTRAINT "allocation_amount_minor_type" CHECK ("amount_minor" BETWEEN 1 AND 9007199254740991)
);
CREATE TABLE "core"."resource" (
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
    "kind" text NOT NULL,
    "name" text NOT NULL,
    "capacity" bigint NOT NULL DEFAULT '1'::bigint,
    "time_zone" text,
    "active" boolean NOT NULL DEFAULT 'true'::boolean,
    CONSTRAINT "resource_pkey" PRIMARY KEY (business_id, id),
    CONSTRAINT "resource_business_id_fkey" FOREIGN KEY (business_id) REFERENCES businesses.business (id),
    CONSTRAINT "resource_external_id_type" CHECK (char_length("external_id") <= 200),
    CONSTRAINT "resource_custom_type" CHECK (jsonb_typeof("custom") = 'object' AND octet_length("custom"::text) <= 65536),
    CONSTRAINT "resource_kind_type" CHECK ("kind" IN ('technician', 'bay', 'table', 'room', 'vehicle', 'equipment')),
    CONSTRAINT "resource_name_type" CHECK (char_length("name") BETWEEN 1 AND 200),
    CONSTRAINT "resource_capacity_type" CHECK ("capacity" BETWEEN 1 AND 10000),
    CONSTRAINT "resource_time_zone_type" CHECK (char_length("time_zone") BETWEEN 1 AND 64)
);
CREATE TABLE "core"."booking" (
    "business_id" uuid NOT NULL,
    "id" uuid NOT NULL,
    "version" integer NOT NULL DEFAULT 1,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "created_by" uuid NOT NULL,
    "updated_by" uuid NOT NULL,
    "external_id" text,
    "custom" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "resource_id" uuid NOT NULL,
    "source_entity" text,
    "source" uuid,
    "starts_at" timestamptz NOT NULL,
    "ends_at" timestamptz NOT NULL,
    "slot_from" timestamptz NOT NULL,
    "slot_to" timestamptz NOT NULL,
    "hold_expires_at" timestamptz,
    "overlap_ok" boolean NOT NULL DEFAULT 'false'::boolean,
    "overlap_reason" text,
    "status" text NOT NULL DEFAULT 'held'::text,
    CONSTRAINT "booking_pkey" PRIMARY KEY (business_id, id),
    CONSTRAINT "booking_business_id_fkey" FOREIGN KEY (business_id) REFERENCES businesses.business (id),
    CONSTRAINT "booking_external_id_type" CHECK (char_length("external_id") <= 200),
    CONSTRAINT "booking_custom_type" CHECK (jsonb_typeof("custom") = 'object' AND octet_length("custom"::text) <= 65536),
    CONSTRAINT "booking_source_entity_type" CHECK (char_length("source_entity") <= 64),
    CONSTRAINT "booking_overlap_reason_type" CHECK (char_length("overlap_reason") <= 500),
    CONSTRAINT "booking_status_type" CHECK ("status" IN ('held', 'tentative', 'firm', 'done', 'no_show', 'cancelled')),
    CONSTRAINT "booking_ends_after_start_check" CHECK ("ends_at" > "starts_at"),
    CONSTRAINT "booking_slot_holds_time_check" CHECK (("slot_from" <= "starts_at") AND ("slot_to" >= "ends_at")),
    CONSTRAINT "booking_overlap_has_reason_check" CHECK ((NOT "overlap_ok") OR ((char_length("overlap_reason") >= 1) AND ("overlap_reason" IS NOT NULL))),
    CONSTRAINT "booking_double_booking_range_check" CHECK ("slot_from" < "slot_to"),
    CONSTRAINT "booking_double_booking_excl" EXCLUDE USING gist (business_id WITH =, "resource_id" WITH =, tstzrange("slot_from", "slot_to", '[)') WITH &&) WHERE (("status" IN ('held', 'firm')) AND ("overlap_ok" IN (false)))
);
CREATE TABLE "core"."stock_location" (
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
    "kind" text NOT NULL DEFAULT 'store'::text,
    "inside_id" uuid,
    CONSTRAINT "stock_location_pkey" PRIMARY KEY (business_id, id),
    CONSTRAINT "stock_location_business_id_fkey" FOREIGN KEY (business_id) REFERENCES businesses.business (id),
    CONSTRAINT "stock_location_external_id_type" CHECK (char_length("external_id") <= 200),
    CONSTRAINT "stock_location_custom_type" CHECK (jsonb_typeof("custom") = 'object' AND octet_length("custom"::text) <= 65536),
    CONSTRAINT "stock_location_name_type" CHECK (char_length("name") BETWEEN 1 AND 200),
    CONSTRAINT "stock_location_kind_type" CHECK ("kind" IN ('store', 'warehouse', 'truck', 'kitchen', 'supplier', 'customer', 'adjustment', 'transit', 'damaged'))
);
CREATE TABLE "core"."stock_level" (
    "business_id" uuid NOT NULL,
    "id" uuid NOT NULL,
    "version" integer NOT NULL DEFAULT 1,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "created_by" uuid NOT NULL,
    "updated_by" uuid NOT NULL,
    "external_id" text,
    "custom" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "item_id" uuid NOT NULL,
    "location_id" uuid NOT NULL,
    "on_hand_milli" bigint NOT NULL DEFAULT '0'::bigint,
    "reserved_milli" bigint NOT NULL DEFAULT '0'::bigint,
    "allow_negative" boolean NOT NULL DEFAULT 'false'::boolean,
    CONSTRAINT "stock_level_pkey" PRIMARY KEY (business_id, id),
    CONSTRAINT "stock_level_business_id_fkey" FOREIGN KEY (business_id) REFERENCES businesses.business (id),
    CONSTRAINT "stock_level_item_id_location_id_key" UNIQUE (business_id, "item_id", "location_id"),
    CONSTRAINT "stock_level_external_id_type" CHECK (char_length("external_id") <= 200),
    CONSTRAINT "stock_level_custom_type" CHECK (jsonb_typeof("custom") = 'object' AND octet_length("custom"::text) <= 65536),
    CONSTRAINT "stock_level_on_hand_milli_type" CHECK ("on_hand_milli" BETWEEN -9007199254740991 AND 9007199254740991),
    CONSTRAINT "stock_level_reserved_milli_type" CHECK ("reserved_milli" BETWEEN 0 AND 9007199254740991),
    CONSTRAINT "stock_level_reserved_within_stock_check" CHECK ("allow_negative" OR ("reserved_milli" <= "on_hand_milli"))
);
CREATE TABLE "core"."price_list" (
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
    "currency" text NOT NULL,
    "active" boolean NOT NULL DEFAULT 'true'::boolean,
    CONSTRAINT "price_list_pkey" PRIMARY KEY (business_id, id),
    CONSTRAINT "price_list_business_id_fkey" FOREIGN KEY (business_id) REFERENCES businesses.business (id),
    CONSTRAINT "price_list_external_id_type" CHECK (char_length("external_id") <= 200),
    CONSTRAINT "price_list_custom_type" CHECK (jsonb_typeof("custom") = 'object' AND octet_length("custom"::text) <= 65536),
    CONSTRAINT "price_list_name_type" CHECK (char_length("name") BETWEEN 1 AND 200),
    CONSTRAINT "price_list_currency_type" CHECK ("currency" ~ '^[A-Z]{3}$')
);
CREATE TABLE "core"."price_list_item" (
    "business_id" uuid NOT NULL,
    "id" uuid NOT NULL,
    "version" integer NOT NULL DEFAULT 1,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "updated_at" timestamptz NOT NULL DEFAULT now(),
    "created_by" uuid NOT NULL,
    "updated_by" uuid NOT NULL,
    "external_id" text,
    "custom" jsonb NOT NULL DEFAULT '{}'::jsonb,
    "price_list_id" uuid NOT NULL,
    "item_id" uuid NOT NULL,
    "min_qty_milli" bigint NOT NULL DEFAULT '0'::bigint,
    "unit_price_minor" bigint NOT NULL,
    "price_scale" bigint NOT NULL DEFAULT '0'::bigint,
    "valid_from" timestamptz,
    "valid_to" timestamptz,
    CONSTRAINT "price_list_item_pkey" PRIMARY KEY (business_id, id),
    CONSTRAINT "price_list_item_business_id_fkey" FOREIGN KEY (business_id) REFERENCES businesses.business (id),
    CONSTRAINT "price_list_item_external_id_type" CHECK (char_length("external_id") <= 200),
    CONSTRAINT "price_list_item_custom_type" CHECK (jsonb_typeof("custom") = 'object' AND octet_length("custom"::text) <= 65536),
    CONSTRAINT "price_list_item_min_qty_milli_type" CHECK ("min_qty_milli" BETWEEN 0 AND 9007199254740991),
    CONSTRAINT "price_list_item_unit_price_minor_type" CHECK ("unit_price_minor" BETWEEN 0 AND 9007199254740991),
    CONSTRAINT "price_list_item_price_scale_type" CHECK ("price_scale" BETWEEN 0 AND 4),
    CONSTRAINT "price_list_item_one_price_range_check" CHECK ("valid_from" < "valid_to"),
    CONSTRAINT "price_list_item_one_price_excl" EXCLUDE USING gist (business_id WITH =, "price_list_id" WITH =, "item_id" WITH =, "min_qty_milli" WITH =, tstzrange("valid_from", "valid_to", '[)') WITH &&)
);
ALTER TABLE "core"."invoice" ADD CONSTRAINT "invoice_party_id_fkey" FOREIGN KEY (business_id, "party_id") REFERENCES "core"."party" (business_id, id);
ALTER TABLE "core"."invoice_line" ADD CONSTRAINT "invoice_line_invoice_id_fkey" FOREIGN KEY (business_id, "invoice_id") REFERENCES "core"."invoice" (business_id, id) ON DELETE CASCADE;
ALTER TABLE "core"."invoice_line" ADD CONSTRAINT "invoice_line_item_id_fkey" FOREIGN KEY (business_id, "item_id") REFERENCES "core"."item" (business_id, id);
ALTER TABLE "core"."payment" ADD CONSTRAINT "payment_party_id_fkey" FOREIGN KEY (business_id, "party_id") REFERENCES "core"."party" (business_id, id);
ALTER TABLE "core"."allocation" ADD CONSTRAINT "allocation_payment_id_fkey" FOREIGN KEY (business_id, "payment_id") REFERENCES "core"."payment" (business_id, id) ON DELETE CASCADE;
ALTER TABLE "core"."allocation" ADD CONSTRAINT "allocation_invoice_id_fkey" FOREIGN KEY (business_id, "invoice_id") REFERENCES "core"."invoice" (business_id, id);
ALTER TABLE "core"."booking" ADD CONSTRAINT "booking_resource_id_fkey" FOREIGN KEY (business_id, "resource_id") REFERENCES "core"."resource" (business_id, id);
ALTER TABLE "core"."stock_location" ADD CONSTRAINT "stock_location_inside_id_fkey" FOREIGN KEY (business_id, "inside_id") REFERENCES "core"."stock_location" (business_id, id);
ALTER TABLE "core"."stock_level" ADD CONSTRAINT "stock_level_item_id_fkey" FOREIGN KEY (business_id, "item_id") REFERENCES "core"."item" (business_id, id);
ALTER TABLE "core"."stock_level" ADD CONSTRAINT "stock_level_location_id_fkey" FOREIGN KEY (business_id, "location_id") REFERENCES "core"."stock_location" (business_id, id);
ALTER TABLE "core"."price_list_item" ADD CONSTRAINT "price_list_item_price_list_id_fkey" FOREIGN KEY (business_id, "price_list_id") REFERENCES "core"."price_list" (business_id, id) ON DELETE CASCADE;
ALTER TABLE "core"."price_list_item" ADD CONSTRAINT "price_list_item_item_id_fkey" FOREIGN KEY (business_id, "item_id") REFERENCES "core"."item" (business_id, id);
CREATE UNIQUE INDEX "party_external_id_key" ON "core"."party" (business_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX "party_created_at_idx" ON "core"."party" (business_id, "created_at", id);
CREATE INDEX "party_display_name_idx" ON "core"."party" (business_id, "display_name", id);
CREATE INDEX "party_updated_at_idx" ON "core"."party" (business_id, "updated_at", id);
CREATE INDEX "party_email_prefix_idx" ON "core"."party" (business_id, "email" text_pattern_ops, id);
CREATE INDEX "party_phone_prefix_idx" ON "core"."party" (business_id, "phone" text_pattern_ops, id);
CREATE UNIQUE INDEX "item_external_id_key" ON "core"."item" (business_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX "item_created_at_idx" ON "core"."item" (business_id, "created_at", id);
CREATE INDEX "item_name_idx" ON "core"."item" (business_id, "name", id);
CREATE INDEX "item_updated_at_idx" ON "core"."item" (business_id, "updated_at", id);
CREATE UNIQUE INDEX "invoice_external_id_key" ON "core"."invoice" (business_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX "invoice_created_at_idx" ON "core"."invoice" (business_id, "created_at", id);
CREATE INDEX "invoice_number_idx" ON "core"."invoice" (business_id, "number", id);
CREATE INDEX "invoice_due_date_idx" ON "core"."invoice" (business_id, "due_date", id);
CREATE INDEX "invoice_status_due_date_idx" ON "core"."invoice" (business_id, "status", "due_date", id);
CREATE INDEX "invoice_source_idx" ON "core"."invoice" (business_id, "source", id);
CREATE INDEX "invoice_party_id_idx" ON "core"."invoice" (business_id, "party_id", id);
CREATE INDEX "invoice_updated_at_idx" ON "core"."invoice" (business_id, "updated_at", id);
CREATE UNIQUE INDEX "invoice_line_external_id_key" ON "core"."invoice_line" (business_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX "invoice_line_created_at_idx" ON "core"."invoice_line" (business_id, "created_at", id);
CREATE INDEX "invoice_line_invoice_id_idx" ON "core"."invoice_line" (business_id, "invoice_id", id);
CREATE INDEX "invoice_line_item_id_idx" ON "core"."invoice_line" (business_id, "item_id", id);
CREATE UNIQUE INDEX "payment_external_id_key" ON "core"."payment" (business_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX "payment_created_at_idx" ON "core"."payment" (business_id, "created_at", id);
CREATE INDEX "payment_received_at_idx" ON "core"."payment" (business_id, "received_at", id);
CREATE INDEX "payment_party_id_idx" ON "core"."payment" (business_id, "party_id", id);
CREATE INDEX "payment_updated_at_idx" ON "core"."payment" (business_id, "updated_at", id);
CREATE UNIQUE INDEX "allocation_external_id_key" ON "core"."allocation" (business_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX "allocation_created_at_idx" ON "core"."allocation" (business_id, "created_at", id);
CREATE INDEX "allocation_invoice_id_idx" ON "core"."allocation" (business_id, "invoice_id", id);
CREATE INDEX "allocation_payment_id_idx" ON "core"."allocation" (business_id, "payment_id", id);
CREATE UNIQUE INDEX "resource_external_id_key" ON "core"."resource" (business_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX "resource_created_at_idx" ON "core"."resource" (business_id, "created_at", id);
CREATE INDEX "resource_name_idx" ON "core"."resource" (business_id, "name", id);
CREATE INDEX "resource_updated_at_idx" ON "core"."resource" (business_id, "updated_at", id);
CREATE UNIQUE INDEX "booking_external_id_key" ON "core"."booking" (business_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX "booking_created_at_idx" ON "core"."booking" (business_id, "created_at", id);
CREATE INDEX "booking_starts_at_idx" ON "core"."booking" (business_id, "starts_at", id);
CREATE INDEX "booking_source_idx" ON "core"."booking" (business_id, "source", id);
CREATE INDEX "booking_resource_id_slot_from_idx" ON "core"."booking" (business_id, "resource_id", "slot_from", id);
CREATE INDEX "booking_resource_id_idx" ON "core"."booking" (business_id, "resource_id", id);
CREATE INDEX "booking_updated_at_idx" ON "core"."booking" (business_id, "updated_at", id);
CREATE UNIQUE INDEX "stock_location_external_id_key" ON "core"."stock_location" (business_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX "stock_location_created_at_idx" ON "core"."stock_location" (business_id, "created_at", id);
CREATE INDEX "stock_location_name_idx" ON "core"."stock_location" (business_id, "name", id);
CREATE INDEX "stock_location_inside_id_idx" ON "core"."stock_location" (business_id, "inside_id", id);
CREATE INDEX "stock_location_updated_at_idx" ON "core"."stock_location" (business_id, "updated_at", id);
CREATE UNIQUE INDEX "stock_level_external_id_key" ON "core"."stock_level" (business_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX "stock_level_created_at_idx" ON "core"."stock_level" (business_id, "created_at", id);
CREATE INDEX "stock_level_item_id_idx" ON "core"."stock_level" (business_id, "item_id", id);
CREATE INDEX "stock_level_location_id_idx" ON "core"."stock_level" (business_id, "location_id", id);
CREATE INDEX "stock_level_updated_at_idx" ON "core"."stock_level" (business_id, "updated_at", id);
CREATE UNIQUE INDEX "price_list_external_id_key" ON "core"."price_list" (business_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX "price_list_created_at_idx" ON "core"."price_list" (business_id, "created_at", id);
CREATE INDEX "price_list_name_idx" ON "core"."price_list" (business_id, "name", id);
CREATE INDEX "price_list_updated_at_idx" ON "core"."price_list" (business_id, "updated_at", id);
CREATE UNIQUE INDEX "price_list_item_external_id_key" ON "core"."price_list_item" (business_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX "price_list_item_created_at_idx" ON "core"."price_list_item" (business_id, "created_at", id);
CREATE INDEX "price_list_item_price_list_id_idx" ON "core"."price_list_item" (business_id, "price_list_id", id);
CREATE INDEX "price_list_item_item_id_idx" ON "core"."price_list_item" (business_id, "item_id", id);
CREATE TRIGGER "party_version_start" BEFORE INSERT ON "core"."party" FOR EACH ROW WHEN (NEW.version <> 1 AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "core".refuse('TB002', 'a record starts at version 1');
CREATE TRIGGER "party_version_step" BEFORE UPDATE ON "core"."party" FOR EACH ROW WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION "core".refuse('TB002', 'a version counts up by one');
CREATE TRIGGER "party_identity" BEFORE UPDATE ON "core"."party" FOR EACH ROW WHEN ((NEW."business_id", NEW."id", NEW."created_at", NEW."created_by") IS DISTINCT FROM (OLD."business_id", OLD."id", OLD."created_at", OLD."created_by")) EXECUTE FUNCTION "core".refuse('TB003', 'a record keeps its identity');
CREATE TRIGGER "party_words_start" AFTER INSERT ON "core"."party" REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search.add_words('core.party', '{"display_name","email","phone"}');
CREATE TRIGGER "party_words_step" AFTER UPDATE ON "core"."party" FOR EACH ROW WHEN (OLD."display_name" COLLATE "C" IS DISTINCT FROM NEW."display_name" COLLATE "C" OR OLD."email" COLLATE "C" IS DISTINCT FROM NEW."email" COLLATE "C" OR OLD."phone" COLLATE "C" IS DISTINCT FROM NEW."phone" COLLATE "C") EXECUTE FUNCTION search.change_words('core.party', '{"display_name","email","phone"}');
CREATE TRIGGER "party_words_end" AFTER DELETE ON "core"."party" FOR EACH ROW EXECUTE FUNCTION search.change_words('core.party', '{"display_name","email","phone"}');
CREATE TRIGGER "item_version_start" BEFORE INSERT ON "core"."item" FOR EACH ROW WHEN (NEW.version <> 1 AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "core".refuse('TB002', 'a record starts at version 1');
CREATE TRIGGER "item_version_step" BEFORE UPDATE ON "core"."item" FOR EACH ROW WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION "core".refuse('TB002', 'a version counts up by one');
CREATE TRIGGER "item_identity" BEFORE UPDATE ON "core"."item" FOR EACH ROW WHEN ((NEW."business_id", NEW."id", NEW."created_at", NEW."created_by") IS DISTINCT FROM (OLD."business_id", OLD."id", OLD."created_at", OLD."created_by")) EXECUTE FUNCTION "core".refuse('TB003', 'a record keeps its identity');
CREATE TRIGGER "item_words_start" AFTER INSERT ON "core"."item" REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search.add_words('core.item', '{"name"}');
CREATE TRIGGER "item_words_step" AFTER UPDATE ON "core"."item" FOR EACH ROW WHEN (OLD."name" COLLATE "C" IS DISTINCT FROM NEW."name" COLLATE "C") EXECUTE FUNCTION search.change_words('core.item', '{"name"}');
CREATE TRIGGER "item_words_end" AFTER DELETE ON "core"."item" FOR EACH ROW EXECUTE FUNCTION search.change_words('core.item', '{"name"}');
CREATE TRIGGER "invoice_version_start" BEFORE INSERT ON "core"."invoice" FOR EACH ROW WHEN (NEW.version <> 1 AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "core".refuse('TB002', 'a record starts at version 1');
CREATE TRIGGER "invoice_version_step" BEFORE UPDATE ON "core"."invoice" FOR EACH ROW WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION "core".refuse('TB002', 'a version counts up by one');
CREATE TRIGGER "invoice_identity" BEFORE UPDATE ON "core"."invoice" FOR EACH ROW WHEN ((NEW."business_id", NEW."id", NEW."created_at", NEW."created_by") IS DISTINCT FROM (OLD."business_id", OLD."id", OLD."created_at", OLD."created_by")) EXECUTE FUNCTION "core".refuse('TB003', 'a record keeps its identity');
CREATE TRIGGER "invoice_status_start" BEFORE INSERT ON "core"."invoice" FOR EACH ROW WHEN (NEW."status" <> 'draft' AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "core".refuse('TB001', 'a record starts in its initial status');
CREATE TRIGGER "invoice_status_step" BEFORE UPDATE ON "core"."invoice" FOR EACH ROW WHEN (OLD."status" <> NEW."status" AND (OLD."status", NEW."status") NOT IN (('draft', 'issued'), ('issued', 'partially_paid'), ('partially_paid', 'partially_paid'), ('issued', 'paid'), ('partially_paid', 'paid'), ('issued', 'void'))) EXECUTE FUNCTION "core".refuse('TB001', 'a status changes by declared transitions');
CREATE TRIGGER "invoice_status_history" AFTER UPDATE ON "core"."invoice" FOR EACH ROW WHEN (OLD."status" <> NEW."status") EXECUTE FUNCTION states.expect_history('core.invoice', 'status', 'issue|draft|issued,pay_part|issued|partially_paid,pay_part|partially_paid|partially_paid,pay|issued|paid,pay|partially_paid|paid', 'void|issued|void');
CREATE TRIGGER "invoice_words_start" AFTER INSERT ON "core"."invoice" REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search.add_words('core.invoice', '{"number","party_name"}');
CREATE TRIGGER "invoice_words_step" AFTER UPDATE ON "core"."invoice" FOR EACH ROW WHEN (OLD."number" COLLATE "C" IS DISTINCT FROM NEW."number" COLLATE "C" OR OLD."party_name" COLLATE "C" IS DISTINCT FROM NEW."party_name" COLLATE "C") EXECUTE FUNCTION search.change_words('core.invoice', '{"number","party_name"}');
CREATE TRIGGER "invoice_words_end" AFTER DELETE ON "core"."invoice" FOR EACH ROW EXECUTE FUNCTION search.change_words('core.invoice', '{"number","party_name"}');
CREATE TRIGGER "invoice_line_version_start" BEFORE INSERT ON "core"."invoice_line" FOR EACH ROW WHEN (NEW.version <> 1 AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "core".refuse('TB002', 'a record starts at version 1');
CREATE TRIGGER "invoice_line_version_step" BEFORE UPDATE ON "core"."invoice_line" FOR EACH ROW WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION "core".refuse('TB002', 'a version counts up by one');
CREATE TRIGGER "invoice_line_identity" BEFORE UPDATE ON "core"."invoice_line" FOR EACH ROW WHEN ((NEW."business_id", NEW."id", NEW."created_at", NEW."created_by", NEW."invoice_id") IS DISTINCT FROM (OLD."business_id", OLD."id", OLD."created_at", OLD."created_by", OLD."invoice_id")) EXECUTE FUNCTION "core".refuse('TB003', 'a record keeps its identity');
CREATE TRIGGER "payment_version_start" BEFORE INSERT ON "core"."payment" FOR EACH ROW WHEN (NEW.version <> 1 AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "core".refuse('TB002', 'a record starts at version 1');
CREATE TRIGGER "payment_version_step" BEFORE UPDATE ON "core"."payment" FOR EACH ROW WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION "core".refuse('TB002', 'a version counts up by one');
CREATE TRIGGER "payment_identity" BEFORE UPDATE ON "core"."payment" FOR EACH ROW WHEN ((NEW."business_id", NEW."id", NEW."created_at", NEW."created_by") IS DISTINCT FROM (OLD."business_id", OLD."id", OLD."created_at", OLD."created_by")) EXECUTE FUNCTION "core".refuse('TB003', 'a record keeps its identity');
CREATE TRIGGER "payment_status_start" BEFORE INSERT ON "core"."payment" FOR EACH ROW WHEN (NEW."status" <> 'pending' AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "core".refuse('TB001', 'a record starts in its initial status');
CREATE TRIGGER "payment_status_step" BEFORE UPDATE ON "core"."payment" FOR EACH ROW WHEN (OLD."status" <> NEW."status" AND (OLD."status", NEW."status") NOT IN (('pending', 'captured'), ('pending', 'failed'))) EXECUTE FUNCTION "core".refuse('TB001', 'a status changes by declared transitions');
CREATE TRIGGER "payment_status_history" AFTER UPDATE ON "core"."payment" FOR EACH ROW WHEN (OLD."status" <> NEW."status") EXECUTE FUNCTION states.expect_history('core.payment', 'status', 'capture|pending|captured,fail|pending|failed', '');
CREATE TRIGGER "allocation_version_start" BEFORE INSERT ON "core"."allocation" FOR EACH ROW WHEN (NEW.version <> 1 AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "core".refuse('TB002', 'a record starts at version 1');
CREATE TRIGGER "allocation_version_step" BEFORE UPDATE ON "core"."allocation" FOR EACH ROW WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION "core".refuse('TB002', 'a version counts up by one');
CREATE TRIGGER "allocation_identity" BEFORE UPDATE ON "core"."allocation" FOR EACH ROW WHEN ((NEW."business_id", NEW."id", NEW."created_at", NEW."created_by", NEW."payment_id") IS DISTINCT FROM (OLD."business_id", OLD."id", OLD."created_at", OLD."created_by", OLD."payment_id")) EXECUTE FUNCTION "core".refuse('TB003', 'a record keeps its identity');
CREATE TRIGGER "resource_version_start" BEFORE INSERT ON "core"."resource" FOR EACH ROW WHEN (NEW.version <> 1 AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "core".refuse('TB002', 'a record starts at version 1');
CREATE TRIGGER "resource_version_step" BEFORE UPDATE ON "core"."resource" FOR EACH ROW WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION "core".refuse('TB002', 'a version counts up by one');
CREATE TRIGGER "resource_identity" BEFORE UPDATE ON "core"."resource" FOR EACH ROW WHEN ((NEW."business_id", NEW."id", NEW."created_at", NEW."created_by") IS DISTINCT FROM (OLD."business_id", OLD."id", OLD."created_at", OLD."created_by")) EXECUTE FUNCTION "core".refuse('TB003', 'a record keeps its identity');
CREATE TRIGGER "resource_words_start" AFTER INSERT ON "core"."resource" REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search.add_words('core.resource', '{"name"}');
CREATE TRIGGER "resource_words_step" AFTER UPDATE ON "core"."resource" FOR EACH ROW WHEN (OLD."name" COLLATE "C" IS DISTINCT FROM NEW."name" COLLATE "C") EXECUTE FUNCTION search.change_words('core.resource', '{"name"}');
CREATE TRIGGER "resource_words_end" AFTER DELETE ON "core"."resource" FOR EACH ROW EXECUTE FUNCTION search.change_words('core.resource', '{"name"}');
CREATE TRIGGER "booking_version_start" BEFORE INSERT ON "core"."booking" FOR EACH ROW WHEN (NEW.version <> 1 AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "core".refuse('TB002', 'a record starts at version 1');
CREATE TRIGGER "booking_version_step" BEFORE UPDATE ON "core"."booking" FOR EACH ROW WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION "core".refuse('TB002', 'a version counts up by one');
CREATE TRIGGER "booking_identity" BEFORE UPDATE ON "core"."booking" FOR EACH ROW WHEN ((NEW."business_id", NEW."id", NEW."created_at", NEW."created_by") IS DISTINCT FROM (OLD."business_id", OLD."id", OLD."created_at", OLD."created_by")) EXECUTE FUNCTION "core".refuse('TB003', 'a record keeps its identity');
CREATE TRIGGER "booking_status_start" BEFORE INSERT ON "core"."booking" FOR EACH ROW WHEN (NEW."status" <> 'held' AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "core".refuse('TB001', 'a record starts in its initial status');
CREATE TRIGGER "booking_status_step" BEFORE UPDATE ON "core"."booking" FOR EACH ROW WHEN (OLD."status" <> NEW."status" AND (OLD."status", NEW."status") NOT IN (('held', 'firm'), ('tentative', 'firm'), ('held', 'tentative'), ('firm', 'tentative'), ('tentative', 'held'), ('firm', 'done'), ('firm', 'no_show'), ('tentative', 'cancelled'), ('held', 'cancelled'), ('firm', 'cancelled'))) EXECUTE FUNCTION "core".refuse('TB001', 'a status changes by declared transitions');
CREATE TRIGGER "booking_status_history" AFTER UPDATE ON "core"."booking" FOR EACH ROW WHEN (OLD."status" <> NEW."status") EXECUTE FUNCTION states.expect_history('core.booking', 'status', 'confirm|held|firm,confirm|tentative|firm,release|held|tentative,release|firm|tentative,hold|tentative|held,finish|firm|done,miss|firm|no_show', 'cancel|tentative|cancelled,cancel|held|cancelled,cancel|firm|cancelled');
CREATE TRIGGER "booking_double_booking_queue" BEFORE INSERT OR UPDATE ON "core"."booking" FOR EACH ROW WHEN ((NEW."status" IN ('held', 'firm')) AND (NEW."overlap_ok" IN (false))) EXECUTE FUNCTION "core".queue('core.booking', 'double_booking', 'resource_id');
CREATE TRIGGER "stock_location_version_start" BEFORE INSERT ON "core"."stock_location" FOR EACH ROW WHEN (NEW.version <> 1 AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "core".refuse('TB002', 'a record starts at version 1');
CREATE TRIGGER "stock_location_version_step" BEFORE UPDATE ON "core"."stock_location" FOR EACH ROW WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION "core".refuse('TB002', 'a version counts up by one');
CREATE TRIGGER "stock_location_identity" BEFORE UPDATE ON "core"."stock_location" FOR EACH ROW WHEN ((NEW."business_id", NEW."id", NEW."created_at", NEW."created_by") IS DISTINCT FROM (OLD."business_id", OLD."id", OLD."created_at", OLD."created_by")) EXECUTE FUNCTION "core".refuse('TB003', 'a record keeps its identity');
CREATE TRIGGER "stock_location_words_start" AFTER INSERT ON "core"."stock_location" REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search.add_words('core.stock_location', '{"name"}');
CREATE TRIGGER "stock_location_words_step" AFTER UPDATE ON "core"."stock_location" FOR EACH ROW WHEN (OLD."name" COLLATE "C" IS DISTINCT FROM NEW."name" COLLATE "C") EXECUTE FUNCTION search.change_words('core.stock_location', '{"name"}');
CREATE TRIGGER "stock_location_words_end" AFTER DELETE ON "core"."stock_location" FOR EACH ROW EXECUTE FUNCTION search.change_words('core.stock_location', '{"name"}');
CREATE TRIGGER "stock_level_version_start" BEFORE INSERT ON "core"."stock_level" FOR EACH ROW WHEN (NEW.version <> 1 AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "core".refuse('TB002', 'a record starts at version 1');
CREATE TRIGGER "stock_level_version_step" BEFORE UPDATE ON "core"."stock_level" FOR EACH ROW WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION "core".refuse('TB002', 'a version counts up by one');
CREATE TRIGGER "stock_level_identity" BEFORE UPDATE ON "core"."stock_level" FOR EACH ROW WHEN ((NEW."business_id", NEW."id", NEW."created_at", NEW."created_by") IS DISTINCT FROM (OLD."business_id", OLD."id", OLD."created_at", OLD."created_by")) EXECUTE FUNCTION "core".refuse('TB003', 'a record keeps its identity');
CREATE TRIGGER "price_list_version_start" BEFORE INSERT ON "core"."price_list" FOR EACH ROW WHEN (NEW.version <> 1 AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "core".refuse('TB002', 'a record starts at version 1');
CREATE TRIGGER "price_list_version_step" BEFORE UPDATE ON "core"."price_list" FOR EACH ROW WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION "core".refuse('TB002', 'a version counts up by one');
CREATE TRIGGER "price_list_identity" BEFORE UPDATE ON "core"."price_list" FOR EACH ROW WHEN ((NEW."business_id", NEW."id", NEW."created_at", NEW."created_by") IS DISTINCT FROM (OLD."business_id", OLD."id", OLD."created_at", OLD."created_by")) EXECUTE FUNCTION "core".refuse('TB003', 'a record keeps its identity');
CREATE TRIGGER "price_list_words_start" AFTER INSERT ON "core"."price_list" REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search.add_words('core.price_list', '{"name"}');
CREATE TRIGGER "price_list_words_step" AFTER UPDATE ON "core"."price_list" FOR EACH ROW WHEN (OLD."name" COLLATE "C" IS DISTINCT FROM NEW."name" COLLATE "C") EXECUTE FUNCTION search.change_words('core.price_list', '{"name"}');
CREATE TRIGGER "price_list_words_end" AFTER DELETE ON "core"."price_list" FOR EACH ROW EXECUTE FUNCTION search.change_words('core.price_list', '{"name"}');
CREATE TRIGGER "price_list_item_version_start" BEFORE INSERT ON "core"."price_list_item" FOR EACH ROW WHEN (NEW.version <> 1 AND current_user <> 'thorbis_restore') EXECUTE FUNCTION "core".refuse('TB002', 'a record starts at version 1');
CREATE TRIGGER "price_list_item_version_step" BEFORE UPDATE ON "core"."price_list_item" FOR EACH ROW WHEN (NEW.version <> OLD.version + 1) EXECUTE FUNCTION "core".refuse('TB002', 'a version counts up by one');
CREATE TRIGGER "price_list_item_identity" BEFORE UPDATE ON "core"."price_list_item" FOR EACH ROW WHEN ((NEW."business_id", NEW."id", NEW."created_at", NEW."created_by", NEW."price_list_id") IS DISTINCT FROM (OLD."business_id", OLD."id", OLD."created_at", OLD."created_by", OLD."price_list_id")) EXECUTE FUNCTION "core".refuse('TB003', 'a record keeps its identity');
CREATE TRIGGER "price_list_item_one_price_queue" BEFORE INSERT OR UPDATE ON "core"."price_list_item" FOR EACH ROW EXECUTE FUNCTION "core".queue('core.price_list_item', 'one_price', 'price_list_id', 'item_id', 'min_qty_milli');
ALTER TABLE "core"."party" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core"."party" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "core"."party" AS PERMISSIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
CREATE POLICY tenant_floor ON "core"."party" AS RESTRICTIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
GRANT SELECT, INSERT, UPDATE ON "core"."party" TO thorbis_app;
ALTER TABLE "core"."item" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core"."item" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "core"."item" AS PERMISSIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
CREATE POLICY tenant_floor ON "core"."item" AS RESTRICTIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
GRANT SELECT, INSERT, UPDATE ON "core"."item" TO thorbis_app;
ALTER TABLE "core"."invoice" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core"."invoice" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "core"."invoice" AS PERMISSIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
CREATE POLICY tenant_floor ON "core"."invoice" AS RESTRICTIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
GRANT SELECT, INSERT, UPDATE ON "core"."invoice" TO thorbis_app;
ALTER TABLE "core"."invoice_line" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core"."invoice_line" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "core"."invoice_line" AS PERMISSIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
CREATE POLICY tenant_floor ON "core"."invoice_line" AS RESTRICTIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON "core"."invoice_line" TO thorbis_app;
ALTER TABLE "core"."payment" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core"."payment" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "core"."payment" AS PERMISSIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
CREATE POLICY tenant_floor ON "core"."payment" AS RESTRICTIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
GRANT SELECT, INSERT, UPDATE ON "core"."payment" TO thorbis_app;
ALTER TABLE "core"."allocation" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core"."allocation" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "core"."allocation" AS PERMISSIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
CREATE POLICY tenant_floor ON "core"."allocation" AS RESTRICTIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON "core"."allocation" TO thorbis_app;
ALTER TABLE "core"."resource" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core"."resource" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "core"."resource" AS PERMISSIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
CREATE POLICY tenant_floor ON "core"."resource" AS RESTRICTIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
GRANT SELECT, INSERT, UPDATE ON "core"."resource" TO thorbis_app;
ALTER TABLE "core"."booking" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core"."booking" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "core"."booking" AS PERMISSIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
CREATE POLICY tenant_floor ON "core"."booking" AS RESTRICTIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
GRANT SELECT, INSERT, UPDATE ON "core"."booking" TO thorbis_app;
ALTER TABLE "core"."stock_location" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core"."stock_location" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "core"."stock_location" AS PERMISSIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
CREATE POLICY tenant_floor ON "core"."stock_location" AS RESTRICTIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
GRANT SELECT, INSERT, UPDATE ON "core"."stock_location" TO thorbis_app;
ALTER TABLE "core"."stock_level" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core"."stock_level" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "core"."stock_level" AS PERMISSIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
CREATE POLICY tenant_floor ON "core"."stock_level" AS RESTRICTIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
GRANT SELECT, INSERT, UPDATE ON "core"."stock_level" TO thorbis_app;
ALTER TABLE "core"."price_list" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core"."price_list" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "core"."price_list" AS PERMISSIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
CREATE POLICY tenant_floor ON "core"."price_list" AS RESTRICTIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
GRANT SELECT, INSERT, UPDATE ON "core"."price_list" TO thorbis_app;
ALTER TABLE "core"."price_list_item" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core"."price_list_item" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "core"."price_list_item" AS PERMISSIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
CREATE POLICY tenant_floor ON "core"."price_list_item" AS RESTRICTIVE FOR ALL TO PUBLIC USING (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid) WITH CHECK (business_id = (SELECT current_setting('thorbis.business_id', true))::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON "core"."price_list_item" TO thorbis_app;
