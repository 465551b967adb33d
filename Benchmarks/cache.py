"""What the read cache gives and costs: `script/bench cache`.

First what it costs where it doesn't help: a host with it and one without take turns at reading one of 200,000
customers, so that an answer is hardly ever asked for again within its second. Then what it gives: reading one of 1,000
customers from memory beside the host's own constant and a bare Hummingbird route, in turn, and beside the database.
"""

import json
import statistics
import urllib.request

import dataset
from dataset import CUSTOMERS, counted
from peers import hummingbird
from processes import Meter, megabytes
from server import Server, scratch_folder, turn_options, wrk

RARE = 200_000
MEGABYTES = {"without": "0", "with": "16"}


def fill(server, business):
    dataset.fill(server, business.id)
    server.run_sql(f"""
        set session_replication_role = replica;
        insert into core.party (business_id, id, created_by, updated_by, display_name, roles, email)
            select '{business.id}', {counted("n")}, '{business.id}', '{business.id}',
                'Customer ' || n, array['customer'], 'customer' || n || '@example.com'
            from generate_series({dataset.RECORDS + 1}, {RARE}) n;
        vacuum analyze core.party;
    """)


def counts(server):
    """Hits and misses so far, of all hosts."""
    with urllib.request.urlopen(server.url + "/metrics") as answer:
        lines = answer.read().decode().splitlines()
    # Each line is of one host: name{host="1"} number.
    return [sum(int(line.split()[-1]) for line in lines if line.startswith(f"thorbis_read_cache_{name}_total{{"))
            for name in ("hits", "misses")]


def turn(server, name, path, script, processes, token, options, seconds, variables=None):
    before = counts(server)
    meter = Meter(lambda: {name: processes()})
    run = wrk(server if "Hummingbird" not in name else options.peer, path, script, seconds, options.connections, token,
              variables)
    run["cost"] = meter.per_thousand(run["requests"])[name]
    hits, misses = (after - start for after, start in zip(counts(server), before))
    run["hits"] = hits / (hits + misses) if hits + misses else 0.0
    run["megabytes"] = megabytes(processes())
    return run


def told(name, runs):
    figures = {
        key: statistics.median(run[key] for run in runs)
        for key in ("rate", "p50", "p99", "cost", "hits", "megabytes")}
    figures["failed"] = sum(run["failed"] for run in runs)
    print(
        f"{name:26} {figures['rate']:9.0f} {figures['p50']:8.2f} {figures['p99']:8.2f} {figures['cost']:8.3f} "
        f"{figures['hits']:6.2f} {figures['megabytes']:6.0f} {figures['failed']:6d}", flush=True)
    return figures


def cost_of_misses(server, business, options):
    """Turns of a host with the cache and one without; each is started anew."""
    runs = {"without": [], "with": []}
    for _ in range(options.turns):
        for side, size in MEGABYTES.items():
            server.restart(THORBIS_READ_CACHE_MB=size)
            token = business.token()
            hosts = server.groups()["host"]
            for seconds, counts_it in ((2, False), (options.seconds, True)):
                run = turn(
                    server, "host", "/", "read_rare.lua", lambda: hosts, token, options, seconds, {"RARE": str(RARE)})
                if counts_it:
                    runs[side].append(run)
    return {f"read rarely, {side} it": told(f"read rarely, {side} it", found) for side, found in runs.items()}


def gain(server, business, options):
    """Turns of what is answered from memory and of constants."""
    server.restart(THORBIS_READ_CACHE_MB="16")
    token = business.token()
    hosts = server.groups()["host"]
    ways = [
        ("read one, cached", CUSTOMERS, "read.lua", lambda: hosts),
        ("list 20, cached", CUSTOMERS + "?limit=20", "get.lua", lambda: hosts),
        ("constant", "/healthz", "get.lua", lambda: hosts),
        ("constant, Hummingbird", "/constant", "get.lua", options.peer.processes),
    ]
    runs = {name: [] for name, *_ in ways}
    for number in range(options.turns + 1):
        for name, path, script, processes in ways:
            run = turn(server, name, path, script, processes, token, options, options.seconds if number else 2)
            if number:
                runs[name].append(run)
    return {name: told(name, found) for name, found in runs.items()}


def main():
    parser = turn_options(__doc__, seconds=6)
    options = parser.parse_args()
    with scratch_folder() as folder:
        server = Server(folder / "data")
        options.peer = None
        try:
            business = server.sign_up("plumbing")
            fill(server, business)
            options.peer = hummingbird()
            print(
                f"{'profile':26} {'req/s':>9} {'p50 ms':>8} {'p99 ms':>8} {'cpu s/k':>8} {'hits':>6} {'MB':>6} "
                f"{'failed':>6}")
            results = cost_of_misses(server, business, options) | gain(server, business, options)
        finally:
            if options.peer:
                options.peer.stop()
            server.stop()
    read, own = results["read one, cached"]["rate"], results["constant"]["rate"]
    ratios = {
        "misses, with / without": results["read rarely, with it"]["rate"] / results["read rarely, without it"]["rate"],
        "cached / own constant (wanted 0.8)": read / own,
        "cached / Hummingbird (wanted 1.5)": read / results["constant, Hummingbird"]["rate"],
    }
    for name, ratio in ratios.items():
        print(f"{name:36} {ratio:6.2f}")
    if options.json:
        options.json.write_text(json.dumps(results | {"ratios": ratios}, indent=2) + "\n")


if __name__ == "__main__":
    main()
