"""The data of the load suites: a thousand businesses with a thousand customers each, and the host's own statements."""

import re

from limit import RECORDS, Unit
from server import ROOT

BUSINESSES = 1000
ORDERS = 200_000
CUSTOMERS = "/api/hs/app/v1/customers"
WORK_ORDERS = "/api/hs/app/v1/work-orders"
GOLDEN = ROOT / "Tests/SQLTests/Golden/hs.customers.queries.sql"


def fill(server, business):
    """A thousand businesses with a thousand parties each; the ids of the measured one's are counted up."""
    server.run_sql(f"""
        insert into businesses.business (id, name, industry, currency, time_zone, country)
            select gen_random_uuid(), 'Business ' || n, 'hs', 'USD', 'UTC', 'US' from generate_series(2, {BUSINESSES}) n;
        set session_replication_role = replica;  -- the data is made whole, so no reference needs to be looked up
        insert into core.party (business_id, id, created_by, updated_by, display_name, roles, email)
            select '{business}', {counted("n")}, '{business}', '{business}',
                'Customer ' || n, array['customer'], 'customer' || n || '@example.com'
            from generate_series(1, {RECORDS}) n;
        insert into core.party (business_id, id, created_by, updated_by, display_name, roles)
            select b.id, gen_random_uuid(), b.id, b.id, 'Customer ' || n, array['customer']
            from businesses.business b, generate_series(1, {RECORDS}) n where b.id <> '{business}';
        insert into search.word (business_id, entity, word, record_id)
            select distinct p.business_id, 'core.party', w, p.id
            from core.party p, unnest(search.words(concat_ws(' ', p.display_name, p.email, p.phone))) w
            where p.business_id = '{business}';
        set session_replication_role = origin;
        vacuum analyze;
    """)


def fill_one(server, business):
    """A thousand parties of one business, whose ids are counted up."""
    server.run_sql(f"""
        set session_replication_role = replica;
        insert into core.party (business_id, id, created_by, updated_by, display_name, roles)
            select '{business}', {counted("n")}, '{business}', '{business}', 'Customer ' || n, array['customer']
            from generate_series(1, {RECORDS}) n;
        set session_replication_role = origin;
        vacuum analyze core.party;
    """)


def fill_orders(server, business):
    """Work orders that wait to be completed, each with a line; their ids are counted up."""
    server.run_sql(f"""
        set session_replication_role = replica;
        insert into hs.service_location (business_id, id, created_by, updated_by, party_id, line1, country)
            values ('{business}', {counted("1")}, '{business}', '{business}', {counted("1")}, '1 Water Street', 'US');
        insert into hs.work_order (business_id, id, created_by, updated_by, number, party_id, service_location_id,
                priority, summary, status, starts_at, ends_at)
            select '{business}', {counted("n")}, '{business}', '{business}', 'WO-' || lpad(n::text, 6, '0'),
                {counted("1 + n % " + str(RECORDS))}, {counted("1")}, 'normal', 'Kitchen sink leaks', 'in_progress',
                '2026-01-02'::timestamptz + n * interval '1 minute', '2026-01-02 02:00'::timestamptz + n * interval '1 minute'
            from generate_series(1, {ORDERS}) n;
        insert into hs.work_order_line (business_id, id, created_by, updated_by, work_order_id, position, description,
                qty_milli, unit_price_minor, net_minor, tax_minor, total_minor)
            select '{business}', {counted("n")}, '{business}', '{business}', {counted("n")}, 1, 'Labour', 1000, 0, 0, 0, 0
            from generate_series(1, {ORDERS}) n;
        set session_replication_role = origin;
        vacuum analyze hs.work_order, hs.work_order_line;
    """)


def reset_versions(server, business):
    """Gives the counted customers their first version again."""
    server.run_sql(f"""
        set session_replication_role = replica;
        update core.party set version = 1 where business_id = '{business}' and version > 1;
    """)


def counted(number):
    """The SQL of an id that is counted up."""
    return f"('00000000-0000-7000-8000-' || lpad(to_hex(({number})::int), 12, '0'))::uuid"


def statement(name):
    """A statement of the host, from its golden file."""
    return re.search(rf"^-- {re.escape(name)}\n(.*)$", GOLDEN.read_text(), re.MULTILINE).group(1)


def values():
    """A new customer as the host hands it to PostgreSQL, for pgbench's variable n."""
    return (
        "jsonb_build_object('display_name', 'Customer ' || :n::int, 'email', :n::int || '@example.com', 'kind', "
        "'person', 'roles', array['customer'], 'tax_exempt', false, 'payment_terms_days', 0, 'do_not_service', false, "
        "'custom', '{}'::jsonb)")


def unit(name, business, parameters, is_exclusive=False):
    """A statement of the host in a business's transaction; parameters by position."""
    text = statement(name)
    for position, value in parameters.items():
        text = re.sub(rf"\${position}(?!\d)", lambda match: value, text)
    return Unit(business, text, is_exclusive)
