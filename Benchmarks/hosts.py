"""One process with two event loops, or two processes: `script/bench hosts`.

A server for each way, all with the same data; they take turns. `busiest` is the share of the hosts' processor time that
one of them took: connections stay where they were accepted, so one host may have got more of them.
"""

import json
import os
import statistics

import dataset
from dataset import CUSTOMERS
from processes import Meter, megabytes, processor_seconds
from server import Server, scratch_folder, turn_options, wrk

# Hosts, and event loops of each.
WAYS = [(1, 2), (2, 1), (2, 2)]
PROFILES = [
    ("read one", "/", "read.lua"), ("list 20", f"{CUSTOMERS}?limit=20", "get.lua"), ("create", CUSTOMERS, "create.lua")]


def host_seconds(server):
    """Processor seconds of each host so far."""
    return {host: processor_seconds([host]) for host in server.groups()["host"]}


def measure(profile, sides, options):
    name, path, script = profile
    runs = {way: [] for way in sides}
    for turn in range(options.turns + 1):
        for way, (server, business) in sides.items():
            meter = Meter(server.groups)
            before = host_seconds(server)
            run = wrk(
                server, path, script, options.seconds if turn else 1, options.connections, business.token())
            run |= meter.per_thousand(run["requests"])
            spent = [now - before.get(host, 0) for host, now in host_seconds(server).items()]
            run["busiest"] = max(spent) / sum(spent)
            if turn:
                runs[way].append(run)
    for way, (server, _) in sides.items():
        figures = {key: statistics.median(run[key] for run in runs[way])
                   for key in ("rate", "p50", "p99", "host", "database", "busiest")}
        groups = server.groups()
        print(
            f"{name:10} {way[0]:5} {way[1]:5} {figures['rate']:8.0f} {figures['p50']:7.2f} {figures['p99']:7.2f} "
            f"{figures['host']:8.3f} {figures['database']:8.3f} {megabytes(groups['host']):6.0f} "
            f"{len(groups['database']):5} {figures['busiest']:7.2f} {sum(run['failed'] for run in runs[way]):6}", flush=True)
        yield f"{way[0]}x{way[1]}", figures | {
            "megabytes": megabytes(groups["host"]), "connections": len(groups["database"])}


def main():
    parser = turn_options(__doc__, seconds=4)
    options = parser.parse_args()
    with scratch_folder() as folder:
        sides = {}
        try:
            for way in WAYS:
                os.environ |= {"THORBIS_HOSTS": str(way[0]), "THORBIS_WORKERS": str(way[1])}
                server = Server(folder / f"{way[0]}x{way[1]}")
                business = server.sign_up("plumbing")
                sides[way] = (server, business)
                dataset.fill_one(server, business.id)
            print(
                f"{'profile':10} {'hosts':5} {'loops':5} {'HTTP/s':>8} {'p50 ms':>7} {'p99 ms':>7} {'host s/k':>8} "
                f"{'db s/k':>8} {'MB':>6} {'pg':>5} {'busiest':>7} {'failed':>6}")
            results = {profile[0]: dict(measure(profile, sides, options)) for profile in PROFILES}
        finally:
            for server, _ in sides.values():
                server.stop()
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
