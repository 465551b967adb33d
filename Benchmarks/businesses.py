"""Whether a million businesses are slower than a thousand: `script/bench businesses`.

Two servers, one with 1,000 businesses, one with 1,000,000; each business has a user, a membership and two customers.
Records of 200 businesses are read over 64 connections, on both servers in turn.
"""

import json
import statistics
import time

from engine import READERS, readers
from processes import Meter, megabytes
from server import Server, scratch_folder, turn_options, wrk

FEW = 1_000
RATIO_MIN = 0.8


def fill(server, businesses, customers):
    server.run_sql(f"""
        set session_replication_role = replica;  -- the data is made whole, so no reference needs to be looked up
        set synchronous_commit = off;
        create temp table made as  -- in the order of the keys, which is quicker to index
            select n, gen_random_uuid() as id from generate_series(1, {businesses}) n order by id;
        insert into businesses.business (id, name, industry, currency, time_zone, country)
            select id, 'Business ' || n, 'hs', 'USD', 'UTC', 'US' from made;
        insert into users."user" (id, email, name) select id, 'owner' || n || '@many.example', 'Owner' from made;
        insert into users.membership (business_id, user_id, roles) select id, id, array['owner'] from made;
        insert into core.party (business_id, id, created_by, updated_by, display_name, roles)
            select id, gen_random_uuid(), id, id, 'Customer ' || c, array['customer']
            from made, generate_series(1, {customers}) c;
        drop table made;
        vacuum analyze;
    """)


def measure(sides, options):
    """Runs of both sides in turn, after one of each to warm up."""
    runs = [[] for _ in sides]
    for turn in range(options.turns + 1):
        for side, (server, businesses) in enumerate(sides):
            tokens = ",".join(business.token() for business in businesses)
            meter = Meter(server.groups)
            run = wrk(server, "/", "read_many.lua", options.seconds if turn else 2, options.connections, tokens)
            run |= meter.per_thousand(run["requests"])
            if turn:
                runs[side].append(run)
    return [
        {key: statistics.median(run[key] for run in side) for key in ("rate", "p50", "p99", "host", "database")}
        | {"failed": sum(run["failed"] for run in side)} for side in runs]


def main():
    parser = turn_options(__doc__, seconds=6)
    parser.add_argument("--many", type=int, default=1_000_000, help="businesses of the second server")
    parser.add_argument("--customers", type=int, default=2, help="of each business")
    options = parser.parse_args()
    with scratch_folder() as folder:
        servers = []
        try:
            sides = []
            for count in (FEW, options.many):
                servers.append(Server(folder / str(count)))
                start = time.monotonic()
                fill(servers[-1], count, options.customers)
                print(f"{count:,} businesses filled in {time.monotonic() - start:.0f} s", flush=True)
                sides.append((servers[-1], readers(servers[-1])))
            results = measure(sides, options)
            for count, (server, _), figures in zip((FEW, options.many), sides, results):
                print(
                    f"read one, {READERS} of {count:9,} businesses: {figures['rate']:7.0f}/s, p50 {figures['p50']:.2f} "
                    f"ms, p99 {figures['p99']:.2f} ms, host {figures['host']:.3f} s/k, database "
                    f"{figures['database']:.3f} s/k, failed {figures['failed']}, host memory "
                    f"{megabytes(server.groups()['host']):.0f} MB")
        finally:
            for server in servers:
                server.stop()
    ratio = results[1]["rate"] / results[0]["rate"]
    print(f"{ratio:.2f} × the rate with {FEW:,} ({RATIO_MIN} and more is wanted)")
    if options.json:
        options.json.write_text(json.dumps({"few": results[0], "many": results[1], "ratio": ratio}, indent=2) + "\n")


if __name__ == "__main__":
    main()
