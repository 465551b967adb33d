"""Load against the real binary, beside pgbench on the same row-level-security unit: `script/bench load`.

Everything runs on this machine at once: PostgreSQL, the hosts and the load generator. pgbench and HTTP take turns
(A B A B …), so that a machine that drifts drifts for both; what counts is the ratio within one run.
"""

import argparse
import json
import pathlib
import socket
import statistics
import time
import urllib.parse
from dataclasses import dataclass, field

import baseline
import dataset
import limit
from dataset import CUSTOMERS, WORK_ORDERS, counted, unit
from processes import Meter, megabytes
from server import Server, scratch_folder, wrk

IDLE_CONNECTIONS = 1000
SETTLING_SECONDS = 1


@dataclass
class Profile:
    """One kind of request."""

    name: str
    script: str
    path: str = "/"
    # The same work for PostgreSQL alone; without it there is nothing to compare with.
    sql: limit.Unit | None = None
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
        Profile("create", "create.lua", CUSTOMERS, unit("hs/customers.create", business.id, create, True)),
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

    def __init__(self, server, business, options, ways=limit.WAYS):
        self.server, self.business, self.options, self.ways = server, business, options, ways
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
        limits = {way: [] for way in self.ways if profile.sql}
        http, costs = [], []
        for _ in range(self.options.turns):
            for way, rates in limits.items():
                rates.append(
                    limit.measure(self.server, way, profile.sql, self.options.seconds, self.options.connections))
            meter = Meter(self.server.groups)
            http.append(self.run(profile, self.options.seconds))
            costs.append(meter.per_thousand(http[-1]["requests"]))
        figures = {
            "rate": statistics.median(run["rate"] for run in http),
            "p50": statistics.median(run["p50"] for run in http),
            "p95": statistics.median(run["p95"] for run in http),
            "p99": statistics.median(run["p99"] for run in http),
            "failed": sum(run["failed"] for run in http),
            "requests": sum(run["requests"] for run in http),
            "host_seconds": statistics.median(cost["host"] for cost in costs),
            "database_seconds": statistics.median(cost["database"] for cost in costs),
        }
        for way, rates in limits.items():
            figures[way] = statistics.median(rates)
        if limits:
            figures["ratio"] = figures["rate"] / figures["pgbench"]
            # Of the quickest that PostgreSQL was, in whichever way.
            figures["limit_ratio"] = figures["rate"] / max(figures[way] for way in limits)
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
    f"{'profile':20} {'pgbench':>8} {'pipelined':>9} {'libpq':>8} {'HTTP/s':>8} {'ratio':>6} {'limit':>6} "
    f"{'p50 ms':>7} {'p95 ms':>7} {'p99 ms':>7} {'host s/k':>8} {'db s/k':>8} {'failed':>6}")


def line(name, figures):
    def column(key, width, form):
        return f"{figures[key]:{width}{form}}" if key in figures else f"{'–':>{width}}"

    limits = " ".join([column("pgbench", 8, ".0f"), column("pipelined", 9, ".0f"), column("libpq", 8, ".0f")])
    ratios = " ".join([column("ratio", 6, ".2f"), column("limit_ratio", 6, ".2f")])
    return (
        f"{name:20} {limits} {figures['rate']:8.0f} {ratios} {figures['p50']:7.2f} {figures['p95']:7.2f} "
        f"{figures['p99']:7.2f} {figures['host_seconds']:8.3f} {figures['database_seconds']:8.3f} "
        f"{figures['failed']:6d}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8, help="length of each turn")
    parser.add_argument("--warm-up", type=int, default=2, help="seconds before the first turn of a profile")
    parser.add_argument("--turns", type=int, default=3, help="how often both sides take turns")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--only", action="append", help="a profile's name; may be repeated")
    parser.add_argument("--json", type=pathlib.Path, help="where to write the figures")
    baseline.add_options(parser)
    return parser.parse_args()


def main():
    options = arguments()
    with scratch_folder() as folder:
        server = Server(folder / "data", password_cost=15)
        try:
            business = server.sign_up("plumbing")
            dataset.fill(server, business.id)
            dataset.fill_orders(server, business.id)
            bench = Bench(server, business, options)
            results = measure(bench, options)
            memory = memory_after(bench)
        finally:
            server.stop()
    if options.json:
        options.json.write_text(json.dumps({"profiles": results} | memory, indent=2) + "\n")
    baseline.settle("load", results, options)


def measure(bench, options):
    results = {}
    print(HEADER)
    for profile in profiles(bench.business):
        if options.only and profile.name not in options.only:
            continue
        results[profile.name] = bench.measure(profile)
        print(line(profile.name, results[profile.name]), flush=True)
    return results


def memory_after(bench):
    """What idle connections and the hosts take of memory, after all profiles."""
    idle = bench.idle_kilobytes()
    hosts = bench.server.groups()["host"]
    print(f"{IDLE_CONNECTIONS} idle connections: {idle:.1f} KB each")
    print(f"memory of {len(hosts)} host processes after the run: {megabytes(hosts):.0f} MB")
    return {"idle_kilobytes": idle, "megabytes": megabytes(hosts)}


if __name__ == "__main__":
    main()
