"""Load against the real binary, beside pgbench on the same row-level-security unit: `script/bench load`.

Everything runs on this machine at once: PostgreSQL, the host and the load generator. pgbench and HTTP take turns
(A B A B …), so that a machine that drifts drifts for both; what counts is the ratio within one run.
"""

import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

from server import ROOT, Server, memory_megabytes, wrk

BUSINESSES = 1000
RECORDS = 1000
GOLDEN = ROOT / "Tests/SQLTests/Golden/hs.customers.queries.sql"


def seed(server, business):
    """A thousand businesses with a thousand parties each; the ids of the measured one's are counted up."""
    statements = f"""
        insert into businesses.business (id, name, industry, currency, time_zone, country)
            select gen_random_uuid(), 'Business ' || n, 'hs', 'USD', 'UTC', 'US' from generate_series(2, {BUSINESSES}) n;
        alter table core.party disable trigger party_words_start;  -- it writes for one business at a time
        insert into core.party (business_id, id, created_by, updated_by, display_name, roles, email)
            select '{business}', ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '{business}', '{business}',
                'Customer ' || n, array['customer'], 'customer' || n || '@example.com'
            from generate_series(1, {RECORDS}) n;
        insert into core.party (business_id, id, created_by, updated_by, display_name, roles)
            select b.id, gen_random_uuid(), b.id, b.id, 'Customer ' || n, array['customer']
            from businesses.business b, generate_series(1, {RECORDS}) n where b.id <> '{business}';
        alter table core.party enable trigger party_words_start;
        insert into search.word (business_id, entity, word, record_id)
            select distinct p.business_id, 'core.party', w, p.id
            from core.party p, unnest(search.words(concat_ws(' ', p.display_name, p.email, p.phone))) w
            where p.business_id = '{business}';
        vacuum analyze;
    """
    server.run_sql(statements)


def unit(name, business, parameters):
    """A pgbench script of the host's own statement, from its golden file, in a tenant's transaction."""
    text = GOLDEN.read_text()
    statement = re.search(rf"^-- {re.escape(name)}\n(.*)$", text, re.MULTILINE).group(1)
    for position, value in parameters.items():
        statement = re.sub(rf"\${position}(?!\d)", lambda match: value, statement)
    return "\n".join([
        f"\\set n random(1, {RECORDS})", "begin;",
        f"select set_config('thorbis.business_id', '{business}', true);", statement, "commit;"])


def pgbench(server, script, seconds, clients):
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        result = subprocess.run(
            [pgbench_path(), "-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(seconds), "-f", file.name,
             server.address("app")], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"pgbench: {result.stderr}")
    return float(re.search(r"tps = ([\d.]+) \(without", result.stdout).group(1))


def pgbench_path():
    return sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pgbench"))[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8, help="length of each turn")
    parser.add_argument("--turns", type=int, default=3, help="how often both sides take turns")
    parser.add_argument("--connections", type=int, default=64)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="thorbis-bench-") as folder:
        # PostgreSQL's user has to pass through when we are root.
        os.chmod(folder, 0o711)
        server = Server(pathlib.Path(folder) / "data")
        try:
            business = server.sign_up("plumbing")
            seed(server, business.id)
            measure(server, business, options)
        finally:
            server.stop()


def profiles(business):
    """What is measured: its name, the request, and the same statement for pgbench."""
    some_id = "('00000000-0000-7000-8000-' || lpad(to_hex(:n::int), 12, '0'))"
    values = "jsonb_build_object('display_name', 'Customer ' || :n::int, 'email', :n::int || '@example.com', 'kind', 'person', " \
        "'roles', array['customer'], 'tax_exempt', false, 'payment_terms_days', 0, 'do_not_service', false, " \
        "'custom', '{}'::jsonb)"
    create = {
        1: "gen_random_uuid()", 2: f"'{business}'", 3: "'user'", 4: "gen_random_uuid()", 5: "gen_random_uuid()",
        6: values}
    customers = "/api/hs/app/v1/customers"
    return [
        ("read one", "/", "read.lua", unit("hs/customers.read", business, {1: some_id})),
        ("list 20", customers + "?limit=20", "list.lua",
         unit("hs/customers.list.-created_at.first", business, {1: "21"})),
        ("create", customers, "create.lua", unit("hs/customers.create", business, create)),
    ]


def measure(server, business, options):
    print(f"{'profile':10} {'pgbench/s':>10} {'HTTP/s':>10} {'ratio':>6} {'p50 ms':>7} {'p99 ms':>7} {'failed':>6}")
    for name, path, script, sql in profiles(business.id):
        token = business.token()
        wrk(server, path, script, 2, options.connections, token)
        database, http = [], []
        for _ in range(options.turns):
            database.append(pgbench(server, sql, options.seconds, options.connections))
            http.append(wrk(server, path, script, options.seconds, options.connections, token))
        rate = statistics.median(run["rate"] for run in http)
        limit = statistics.median(database)
        print(
            f"{name:10} {limit:10.0f} {rate:10.0f} {rate / limit:6.2f} "
            f"{statistics.median(run['p50'] for run in http):7.2f} {statistics.median(run['p99'] for run in http):7.2f} "
            f"{sum(run['failed'] for run in http):6d}", flush=True)
    print(f"host memory after the run: {memory_megabytes(server.host_process()):.0f} MB")


main()
