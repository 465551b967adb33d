"""Load against the real binary, beside pgbench on the same row-level-security unit: `script/bench load`.

Everything runs on this machine at once: PostgreSQL, the hosts and the load generator. pgbench and HTTP take turns
(A B A B …), so that a machine that drifts drifts for both; what counts is the ratio within one run.
"""

import argparse
import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from dataclasses import dataclass, field

import dataset
from dataset import CUSTOMERS, WORK_ORDERS, counted, unit
from processes import Meter, megabytes
from server import ROOT, Server, pgbench, wrk

IDLE_CONNECTIONS = 1000
SETTLING_SECONDS = 1


@dataclass
class Profile:
    """One kind of request."""

    name: str
    script: str
    path: str = "/"
    # The same statement for pgbench; without one there is nothing to compare with.
    sql: str | None = None
    # What the script takes from the environment, besides the token.
    variables: dict = field(default_factory=dict)
    connections: int | None = None


def profiles(business):
    some_id = counted(":n")
    create = {
        1: "gen_random_uuid()", 2: f"'{business.id}'", 3: "'user'", 4: "gen_random_uuid()", 5: "gen_random_uuid()",
        6: dataset.values()}
    account = {"EMAIL": business.email, "PASSWORD": business.password}
    filtered = f"{WORK_ORDERS}?limit=20&filter[status]=in_progress&sort=-starts_at&include=party,service_location"
    return [
        Profile("read one", "read.lua", sql=unit("hs/customers.read", business.id, {1: some_id})),
        Profile(
            "list 20", "get.lua", CUSTOMERS + "?limit=20",
            unit("hs/customers.list.-created_at.first", business.id, {1: "21"})),
        Profile("filtered, included", "get.lua", filtered),
        Profile("create", "create.lua", CUSTOMERS, unit("hs/customers.create", business.id, create)),
        Profile("update, If-Match", "update.lua"),
        Profile("complete an order", "complete.lua"),
        Profile("mixed day", "mixed.lua"),
        Profile("body of 64 KB", "large.lua"),
        Profile("OpenAPI document", "get.lua", "/api/public/v1/openapi.json"),
        Profile("constant", "get.lua", "/healthz"),
        # A password takes 0.3 s of a core by design.
        Profile("sign in", "sign_in.lua", variables=account, connections=4),
    ]


class Bench:
    """A server with its data, and the runs that were made against it."""

    def __init__(self, server, business, options):
        self.server, self.business, self.options = server, business, options
        self.orders_completed = 0

    def run(self, profile, seconds):
        connections = profile.connections or self.options.connections
        # What the run before left under way has to end first.
        time.sleep(SETTLING_SECONDS)
        # The scripts begin with the versions and the orders that they know of.
        dataset.reset_versions(self.server, self.business.id)
        variables = dict(profile.variables, FIRST=str(self.orders_completed + 1))
        run = wrk(
            self.server, profile.path, profile.script, seconds, connections, self.business.token(), variables)
        if profile.script == "complete.lua":
            # Those under way at the end may have been completed without an answer.
            self.orders_completed += run["requests"] + connections
        return run

    def measure(self, profile):
        self.run(profile, self.options.warm_up)
        database, http, costs = [], [], []
        for _ in range(self.options.turns):
            if profile.sql:
                database.append(
                    pgbench(self.server, profile.sql, self.options.seconds, self.options.connections))
            meter = Meter(self.server.groups)
            http.append(self.run(profile, self.options.seconds))
            costs.append(meter.per_thousand(http[-1]["requests"]))
        figures = {
            "rate": statistics.median(run["rate"] for run in http),
            "p50": statistics.median(run["p50"] for run in http),
            "p95": statistics.median(run["p95"] for run in http),
            "p99": statistics.median(run["p99"] for run in http),
            "failed": sum(run["failed"] for run in http),
            "host_seconds": statistics.median(cost["host"] for cost in costs),
            "database_seconds": statistics.median(cost["database"] for cost in costs),
        }
        if database:
            figures["pgbench"] = statistics.median(database)
            figures["ratio"] = figures["rate"] / figures["pgbench"]
        return figures

    def idle_kilobytes(self):
        """Memory of the hosts for each of many keep-alive connections that have asked once."""
        before = megabytes(self.server.groups()["host"])
        address = urllib.parse.urlsplit(self.server.url)
        sockets = []
        for _ in range(IDLE_CONNECTIONS):
            connection = socket.create_connection((address.hostname, address.port))
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            connection.recv(4096)
            sockets.append(connection)
        grown = megabytes(self.server.groups()["host"]) - before
        for connection in sockets:
            connection.close()
        return grown * 1024 / IDLE_CONNECTIONS


HEADER = (
    f"{'profile':20} {'pgbench/s':>10} {'HTTP/s':>10} {'ratio':>6} {'p50 ms':>7} {'p95 ms':>7} {'p99 ms':>7} "
    f"{'host s/k':>8} {'db s/k':>8} {'failed':>6}")


def line(name, figures):
    limit = f"{figures['pgbench']:10.0f}" if "pgbench" in figures else f"{'–':>10}"
    ratio = f"{figures['ratio']:6.2f}" if "ratio" in figures else f"{'–':>6}"
    return (
        f"{name:20} {limit} {figures['rate']:10.0f} {ratio} {figures['p50']:7.2f} {figures['p95']:7.2f} "
        f"{figures['p99']:7.2f} {figures['host_seconds']:8.3f} {figures['database_seconds']:8.3f} "
        f"{figures['failed']:6d}")


def regressions(results, baseline, tolerance):
    """What became worse than the committed ratios allow. Only ratios are compared: machines differ."""
    found = []
    for name, wanted in baseline["ratios"].items():
        ratio = results.get(name, {}).get("ratio")
        if ratio is not None and ratio < wanted * tolerance:
            found.append(f"{name}: {ratio:.2f} × pgbench, where {wanted:.2f} is usual")
    found += [f"{name}: {figures['failed']} requests failed" for name, figures in results.items() if figures["failed"]]
    return found


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8, help="length of each turn")
    parser.add_argument("--warm-up", type=int, default=2, help="seconds before the first turn of a profile")
    parser.add_argument("--turns", type=int, default=3, help="how often both sides take turns")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--only", action="append", help="a profile's name; may be repeated")
    parser.add_argument("--json", type=pathlib.Path, help="where to write the figures")
    parser.add_argument("--baseline", type=pathlib.Path, default=ROOT / "Benchmarks/baseline.json")
    parser.add_argument("--tolerance", type=float, default=0.5, help="share of a usual ratio below which a run fails")
    return parser.parse_args()


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="thorbis-bench-") as folder:
        # PostgreSQL's user has to pass through when we are root.
        os.chmod(folder, 0o711)
        server = Server(pathlib.Path(folder) / "data", password_cost=15)
        try:
            business = server.sign_up("plumbing")
            dataset.fill(server, business.id)
            dataset.fill_orders(server, business.id)
            results = measure(Bench(server, business, options), options)
        finally:
            server.stop()
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")
    if options.baseline.exists():
        for text in (found := regressions(results, json.loads(options.baseline.read_text()), options.tolerance)):
            print(f"worse: {text}")
        sys.exit(1 if found else 0)


def measure(bench, options):
    results = {}
    print(HEADER)
    for profile in profiles(bench.business):
        if options.only and profile.name not in options.only:
            continue
        results[profile.name] = bench.measure(profile)
        print(line(profile.name, results[profile.name]), flush=True)
    print(f"{IDLE_CONNECTIONS} idle connections: {bench.idle_kilobytes():.1f} KB each")
    hosts = bench.server.groups()["host"]
    print(f"memory of {len(hosts)} host processes after the run: {megabytes(hosts):.0f} MB")
    return results


if __name__ == "__main__":
    main()
