"""The data engine on large data sets: `script/bench engine`.

Two servers. `few` has 1,000 businesses with 2,000,000 work orders, the largest with a quarter of them; `many` has
1,000,000 businesses with two work orders each. Lists are asked for in the largest business by one client over one
connection. Point reads go to 200 businesses on both servers in turn, so that a machine that drifts drifts for both.
"""

import argparse
import json
import statistics
import time

from processes import megabytes
from server import Server, scratch_folder, wrk

READERS = 200
ORDERS = "/api/hs/app/v1/work-orders"


def sizes(businesses, orders):
    """How many work orders each business has: the first a quarter, the others fewer and fewer."""
    weights = [1 / (n + 10) ** 0.7 for n in range(businesses - 1)]
    rest = orders - orders // 4
    return [orders // 4] + [max(1, int(rest * weight / sum(weights))) for weight in weights]


def fill(server, largest, counts):
    """Businesses with these numbers of work orders, each with one customer and one location."""
    rows = ",".join(f"({n}, {count})" for n, count in enumerate(counts))
    server.run_sql(f"""
        set session_replication_role = replica;  -- the data is made whole, so no reference needs to be looked up
        create temp table size (n int, id uuid, orders int);
        insert into size select n, case n when 0 then '{largest}'::uuid else gen_random_uuid() end, orders
            from (values {rows}) v (n, orders);
        {businesses_from("size")}
        {orders_from("size")}
        insert into search.word (business_id, entity, word, record_id)
            select distinct o.business_id, 'hs.work_order', w, o.id
            from hs.work_order o, unnest(search.words(concat_ws(' ', o.number, o.summary))) w;
        drop table size;
        vacuum analyze;
    """)


def fill_many(server, businesses):
    """Businesses with two work orders each."""
    server.run_sql(f"""
        set session_replication_role = replica;
        create temp table size as select n, gen_random_uuid() as id, 2 as orders from generate_series(1, {businesses}) n;
        {businesses_from("size")}
        {orders_from("size")}
        drop table size;
        vacuum analyze;
    """)


def businesses_from(table):
    return f"""
        insert into businesses.business (id, name, industry, currency, time_zone, country)
            select id, 'Business ' || n, 'hs', 'USD', 'America/Chicago', 'US' from {table}
            on conflict do nothing;
        insert into core.party (business_id, id, created_by, updated_by, display_name, roles)
            select id, id, id, id, 'Customer of ' || n, array['customer'] from {table};
        insert into hs.service_location (business_id, id, created_by, updated_by, party_id, line1, country)
            select id, id, id, id, id, n || ' Water Street', 'US' from {table};
    """


def orders_from(table):
    """Work orders over two years, in every status, with summaries of a few words."""
    return f"""
        insert into hs.work_order (business_id, id, created_at, updated_at, created_by, updated_by, number, party_id,
                service_location_id, priority, summary, status, starts_at, ends_at, total_minor)
            select s.id, ('01900000-0000-7000-8000-' || lpad(to_hex(k), 12, '0'))::uuid,
                '2025-01-01'::timestamptz + k * (interval '700 days' / s.orders),
                '2025-01-01'::timestamptz + k * (interval '700 days' / s.orders), s.id, s.id,
                'WO-' || lpad(k::text, 6, '0'), s.id, s.id, (array['low', 'normal', 'high', 'urgent'])[1 + k % 4],
                (array['Kitchen sink leaks', 'Water heater is cold', 'Toilet runs', 'Drain is blocked', 'Boiler check'])
                    [1 + k % 5] || case when k % 997 = 0 then ' in the lighthouse' else '' end,
                (array['draft', 'scheduled', 'in_progress', 'completed', 'invoiced', 'paid'])[1 + k % 6],
                case when k % 6 > 0 then '2025-01-02'::timestamptz + k * (interval '700 days' / s.orders) end,
                case when k % 6 > 0 then '2025-01-02 02:00'::timestamptz + k * (interval '700 days' / s.orders) end,
                (k % 1000) * 100
            from {table} s, generate_series(1, s.orders) k;
    """


def deep_cursor(client, pages):
    """The cursor behind that many pages of 200."""
    cursor = None
    for _ in range(pages):
        path = f"{ORDERS}?limit=200&count=none&fields=number" + (f"&cursor={cursor}" if cursor else "")
        cursor = json.loads(client.get(path))["page"]["next"] or cursor
    return cursor


def list_profiles(cursor):
    return [
        ("page of 20, first", f"{ORDERS}?limit=20&count=none"),
        ("page of 20, deep", f"{ORDERS}?limit=20&count=none&cursor={cursor}"),
        ("page of 20, capped count", f"{ORDERS}?limit=20&count=capped"),
        ("filtered, sorted", f"{ORDERS}?limit=20&count=none&filter[status]=scheduled&sort=-starts_at"),
        ("filtered, sorted, capped", f"{ORDERS}?limit=20&count=capped&filter[status]=scheduled&sort=-starts_at"),
        ("include two", f"{ORDERS}?limit=20&count=none&include=party,service_location"),
        ("search, rare word", f"{ORDERS}?limit=20&count=none&q=lighthouse"),
        ("search, frequent word", f"{ORDERS}?limit=20&count=none&q=kitchen"),
        ("aggregate by status", f"{ORDERS}/aggregate?group=status&count=true&sum=total_minor"),
    ]


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def measure_lists(business, options):
    cursor = deep_cursor(business.client(), options.deep_pages)
    print(f"{'list':26} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'bytes':>8}")
    for name, path in list_profiles(cursor):
        client = business.client()
        size = len(client.get(path))
        times = []
        ending = time.monotonic() + options.seconds
        while time.monotonic() < ending and len(times) < options.requests:
            start = time.perf_counter()
            client.get(path)
            times.append((time.perf_counter() - start) * 1e3)
        print(
            f"{name:26} {percentile(times, 0.5):8.2f} {percentile(times, 0.95):8.2f} {percentile(times, 0.99):8.2f} "
            f"{size:8d}", flush=True)


def readers(server):
    """Businesses that read: each signed up over the API, with 100 customers whose ids are counted up."""
    businesses = [server.sign_up(f"reader{n}") for n in range(READERS)]
    values = ",".join(f"('{business.id}'::uuid)" for business in businesses)
    server.run_sql(f"""
        set session_replication_role = replica;
        insert into core.party (business_id, id, created_by, updated_by, display_name, roles)
            select b, ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, b, b, 'Customer ' || n,
                array['customer'] from (values {values}) v (b), generate_series(1, 100) n;
        vacuum analyze core.party;
    """)
    return businesses


def measure_reads(few, many, options):
    """The median over the turns of what one connection reads."""
    sides = [(server, readers(server)) for server in (few, many)]
    rates = [[], []]
    latencies = [[], []]
    for _ in range(options.turns):
        for side, (server, businesses) in enumerate(sides):
            tokens = ",".join(business.token() for business in businesses)
            run = wrk(server, "/", "read_many.lua", options.seconds, 1, tokens)
            rates[side].append(run["rate"])
            latencies[side].append(run["p50"])
    for name, side in (("1,000 businesses", 0), ("1,000,000 businesses", 1)):
        print(
            f"point read, {name:22} {statistics.median(rates[side]):8.0f}/s  p50 "
            f"{statistics.median(latencies[side]):.3f} ms")
    print(f"ratio of the times: {statistics.median(rates[0]) / statistics.median(rates[1]):.2f} (at most 1.3)")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8, help="length of each turn")
    parser.add_argument("--requests", type=int, default=1_000, help="requests of a list at most")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--businesses", type=int, default=1_000)
    parser.add_argument("--orders", type=int, default=2_000_000)
    parser.add_argument("--many", type=int, default=1_000_000, help="businesses of the second server")
    parser.add_argument("--deep-pages", type=int, default=1_000, help="pages of 200 before the deep one")
    options = parser.parse_args()

    with scratch_folder() as folder:
        few = Server(folder / "few")
        many = None
        try:
            largest = few.sign_up("largest")
            start = time.monotonic()
            fill(few, largest.id, sizes(options.businesses, options.orders))
            print(f"{options.orders:,} work orders filled in {time.monotonic() - start:.0f} s", flush=True)
            measure_lists(largest, options)
            many = Server(folder / "many")
            fill_many(many, options.many)
            measure_reads(few, many, options)
            print(f"host memory after the run: {megabytes(few.groups()['host']):.0f} MB")
        finally:
            few.stop()
            if many:
                many.stop()


if __name__ == "__main__":
    main()
